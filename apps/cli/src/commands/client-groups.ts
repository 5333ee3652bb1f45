import { registerConnect } from './connect.js';
import { registerSpaces } from './spaces.js';

/** The groups that speak to a server, in the order of the help. */
export const CLIENT_GROUPS = [registerConnect, registerSpaces];
