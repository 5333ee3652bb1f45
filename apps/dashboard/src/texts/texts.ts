import { english } from './english.js';

/** Every text of the dashboard, in the user's language. So far there is one language. */
export const texts = english;
