import type { Location, Space, Template, User, Variable, Volume } from './schemas.js';

interface Kinds {
  readonly space: Space;
  readonly location: Location;
  readonly template: Template;
  readonly variable: Variable;
  readonly volume: Volume;
  readonly user: User;
}

/** What the live events tell: an object as the list of its kind shows it, or that it is gone. */
export type Change = {
  [Kind in keyof Kinds]:
    | { readonly kind: Kind; readonly id: string; readonly op: 'put'; readonly object: Kinds[Kind] }
    | { readonly kind: Kind; readonly id: string; readonly op: 'delete' };
}[keyof Kinds];

/** The data of a `change` event, the contract trusted; undefined where it is no such thing. */
export function parseChange(data: string): Change | undefined {
  try {
    const body: unknown = JSON.parse(data);
    if (typeof body !== 'object' || body === null || !('kind' in body) || !('id' in body) || !('op' in body)) {
      return undefined;
    }
    const whole = body.op === 'delete' || ('object' in body && typeof body.object === 'object' && body.object !== null);
    return whole ? (body as Change) : undefined;
  } catch {
    return undefined;
  }
}
