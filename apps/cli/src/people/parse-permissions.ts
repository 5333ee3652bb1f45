import { ALL_PERMISSIONS, type Permission } from '@knot/domain';
import { KnotError } from '@knot/shared/errors';

/** Each once. Throws `input.invalid` for a name that is none. */
export function parsePermissions(names: readonly string[]): Permission[] {
  return [...new Set(names)].map((name) => {
    const known = ALL_PERMISSIONS.find((permission) => permission === name);
    if (known !== undefined) return known;
    throw new KnotError('input.invalid', `there is no permission ${name}`, '`knot roles permissions` lists them.');
  });
}
