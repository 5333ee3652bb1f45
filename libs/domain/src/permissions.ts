/** Everything that a role can allow, with what it means to a person. */
export const PERMISSIONS = {
  'spaces.use': 'Make, start, stop and delete spaces of their own',
  'spaces.share': 'Share spaces of their own with somebody who agrees',
  'spaces.transfer': 'Give spaces of their own to somebody who agrees',
  'spaces.see': 'See the spaces of everybody',
  'spaces.manage': 'Start, stop, change and delete the spaces of everybody',
  'templates.see': 'See all templates with their texts',
  'templates.manage': 'Write templates',
  'templates.approve': 'Approve versions of templates for protected variables',
  'variables.see': 'See variables, but no protected values',
  'variables.manage': 'Write variables',
  'volumes.see': 'See standalone volumes',
  'volumes.manage': 'Make and delete standalone volumes',
  'users.see': 'See users and what each can reach',
  'users.manage': 'Make, change and delete users who may no more than they do',
  'groups.manage': 'Make, change and delete groups',
  'roles.manage': 'Make, change and delete roles that allow no more than they have',
  'locations.see': 'See instances, policy and orphans of locations',
  'locations.manage': 'Let leaves in, revoke and forget locations, adopt and remove orphans',
  'audit.see': 'Read the audit',
  'proxy.use': "Reach services of the server's network that it lets people reach",
  'server.see': 'See the details of health and the metrics',
  'server.manage': 'Accept a restored history',
} as const satisfies Record<string, string>;

export type Permission = keyof typeof PERMISSIONS;

export const ALL_PERMISSIONS = Object.keys(PERMISSIONS).filter((name): name is Permission => name in PERMISSIONS);

/** What a token that is for spaces alone may use of its user's permissions. */
export const OF_OWN_SPACES: readonly Permission[] = ['spaces.use'];

const OF_EVERYBODY: readonly Permission[] = ['spaces.use', 'spaces.share', 'spaces.transfer'];

/** A role that is always there: people have it unless somebody takes it from them. */
export const USER_ROLE = { id: 'user', name: 'User', permissions: OF_EVERYBODY } as const;

/** A role as far as it allows something. */
export interface AllowingRole {
  readonly id: string;
  readonly name: string;
  readonly permissions: readonly string[];
}

/** The user as far as permissions come from it. */
export interface RoleHolder {
  readonly role: 'administrator' | 'user';
  /** Ids of roles. */
  readonly roles: readonly string[];
}

export interface HeldPermission {
  readonly permission: Permission;
  /** Names of the roles that it comes from. */
  readonly from: readonly string[];
}

/** What somebody may by their roles, and by which. Roles that are not there, and permissions that nobody knows, allow nothing. */
export function permissionsOf(user: RoleHolder, roles: readonly AllowingRole[]): readonly HeldPermission[] {
  const held = [USER_ROLE, ...roles].filter(({ id }) => user.roles.includes(id));
  return ALL_PERMISSIONS.flatMap((permission) => {
    const from = held
      .filter(({ permissions }) => permissions.some((one) => one === permission))
      .map(({ name }) => name);
    if (user.role === 'administrator') from.unshift('Administrator');
    return from.length > 0 ? [{ permission, from }] : [];
  });
}

/** Those of `given` that are not in `held`: nobody gives away what they lack. */
export function lackedOf(held: readonly Permission[], given: readonly string[]): readonly string[] {
  const has: ReadonlySet<string> = new Set(held);
  return given.filter((permission) => !has.has(permission));
}
