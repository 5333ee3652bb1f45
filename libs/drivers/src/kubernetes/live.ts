import type { JsonObject } from './json.js';
import type { Kind } from './kinds.js';

/** An object of the API server with its kind, which the objects of a list do not bear. */
export interface Live {
  readonly kind: Kind;
  readonly object: JsonObject;
}
