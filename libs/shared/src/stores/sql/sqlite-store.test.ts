import { describeStore } from '../store-conformance.js';
import { makeSqlitePlace } from './sqlite-place.js';

describeStore('the store on SQLite', makeSqlitePlace);
