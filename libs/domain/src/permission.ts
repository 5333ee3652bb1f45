import { OF_OWN_SPACES, type Permission } from './permissions.js';

/** What a token may be good for. `read` reads what its user may read; `spaces` also acts on the user's own spaces. */
export const TOKEN_SCOPES = ['*', 'read', 'spaces'] as const;

export type TokenScope = (typeof TOKEN_SCOPES)[number];

export const ROLES = ['administrator', 'user'] as const;

export type Role = (typeof ROLES)[number];

/** Who asks. */
export interface Actor {
  readonly id: string;
  readonly username: string;
  readonly role: Role;
  /** By all their roles; all of them for an administrator. */
  readonly permissions: readonly Permission[];
  /** Ids. */
  readonly groups: readonly string[];
  readonly via: 'session' | 'token';
  /** A session has them all. */
  readonly scopes: readonly TokenScope[];
  /** When its user last proved who they are by password, ms since the epoch; 0 for a token. */
  readonly provedAt: number;
}

/** What is acted on, as far as permission depends on it. */
export interface Subject {
  readonly ownerId: string;
  /** Ids of users who agreed to share it. */
  readonly sharedWith?: readonly string[];
}

interface Rule {
  /** Whom it is for: one of these permissions is enough. */
  readonly who: 'anyone' | 'signed-in' | readonly Permission[];
  /** For something that belongs to somebody else, instead of `who`; where it is not given, `who` counts for all. */
  readonly ofOthers?: readonly Permission[];
  /** Whether those whom the owner shares it with may do it as the owner may. */
  readonly shared?: boolean;
  /** The least scope a token needs. `session`: no token at all. */
  readonly scope: TokenScope | 'session';
  /** Whether the password must have been proved a short while ago. */
  readonly fresh?: boolean;
  /** Whether a program on the origin's own machine may too, without signing in. */
  readonly onMachine?: boolean;
}

const SIGNED_IN_READ: Rule = { who: 'signed-in', scope: 'read' };
const ANYONE: Rule = { who: 'anyone', scope: 'read' };
const OWNER: Rule = { who: ['spaces.use', 'spaces.manage'], ofOthers: ['spaces.manage'], scope: 'spaces' };
/** Whoever a space is shared with works in it, but changes nothing of what it is and whose. */
const SHARED: Rule = { ...OWNER, shared: true };

/** For those who have one of the permissions, and a token for everything. */
function needs(...who: Permission[]): Rule {
  return { who, scope: '*' };
}

/** The same for what only reads. */
function reads(...who: Permission[]): Rule {
  return { who, scope: 'read' };
}

/** Every deed of the API with who may do it. A route without an entry here cannot be made. */
export const ACTIONS = {
  'setup.read': ANYONE,
  'setup.finish': ANYONE,
  'session.start': ANYONE,
  'session.ways': ANYONE,
  'session.end': { who: 'signed-in', scope: 'session' },
  'session.list': { who: 'signed-in', scope: 'session' },
  'me.read': SIGNED_IN_READ,
  'me.password': { who: 'signed-in', scope: 'session' },
  'token.list': { who: 'signed-in', scope: '*' },
  'token.create': { who: 'signed-in', scope: 'session', fresh: true },
  'token.delete': { who: 'signed-in', scope: '*' },
  'ssh-key.list': SIGNED_IN_READ,
  'ssh-key.add': { who: 'signed-in', scope: 'session', fresh: true },
  'ssh-key.remove': { who: 'signed-in', scope: '*' },
  'ssh-host.list': SIGNED_IN_READ,
  'me.access': SIGNED_IN_READ,
  /** To an account at the OpenID provider. */
  'me.link': { who: 'signed-in', scope: 'session', fresh: true },
  'me.totp': { who: 'signed-in', scope: 'session', fresh: true },
  'totp.enrol': ANYONE,
  'user.list': reads('users.see', 'users.manage'),
  'user.read': reads('users.see', 'users.manage'),
  'user.access': reads('users.see', 'users.manage'),
  'user.create': needs('users.manage'),
  'user.change': needs('users.manage'),
  'user.delete': needs('users.manage'),
  'user.deletion': reads('users.manage'),
  'user.totp': { ...needs('users.manage'), scope: 'session', fresh: true },
  /** Names are needed wherever somebody says who may use a thing. */
  'group.list': reads('groups.manage', 'users.see', 'users.manage', 'templates.see', 'templates.manage'),
  'group.read': reads('groups.manage', 'users.see', 'users.manage', 'templates.see', 'templates.manage'),
  'group.create': needs('groups.manage'),
  'group.change': needs('groups.manage'),
  'group.delete': needs('groups.manage'),
  /** What was used over time: of everybody together, and of the members of a group. */
  'usage.read': reads('users.see', 'users.manage', 'server.see'),
  'group.usage': reads('groups.manage', 'users.see', 'users.manage'),
  'role.list': reads('roles.manage', 'users.see', 'users.manage'),
  'role.read': reads('roles.manage', 'users.see', 'users.manage'),
  'role.create': needs('roles.manage'),
  'role.change': needs('roles.manage'),
  'role.delete': needs('roles.manage'),
  'template.list': SIGNED_IN_READ,
  'template.read': SIGNED_IN_READ,
  'template.text': reads('templates.see', 'templates.manage', 'templates.approve'),
  'template.create': needs('templates.manage'),
  'template.change': needs('templates.manage'),
  'template.delete': needs('templates.manage'),
  /** For protected variables. */
  'template.approve': needs('templates.approve'),
  'template.render': needs('templates.manage'),
  /** Spaces of everybody that run an older version. */
  'template.behind': reads('spaces.see', 'spaces.manage'),
  'template.roll-out': needs('spaces.manage'),
  'variable.list': reads('variables.see', 'variables.manage'),
  'variable.read': reads('variables.see', 'variables.manage'),
  'variable.create': needs('variables.manage'),
  'variable.change': needs('variables.manage'),
  'variable.delete': needs('variables.manage'),
  'volume.list': reads('volumes.see', 'volumes.manage'),
  'volume.read': reads('volumes.see', 'volumes.manage'),
  'volume.create': needs('volumes.manage'),
  'volume.change': needs('volumes.manage'),
  'volume.delete': needs('volumes.manage'),
  'space.list': SIGNED_IN_READ,
  'space.create': { who: ['spaces.use'], scope: 'spaces' },
  'space.read': { who: 'signed-in', ofOthers: ['spaces.see', 'spaces.manage'], shared: true, scope: 'read' },
  'space.change': OWNER,
  'space.start': SHARED,
  'space.stop': SHARED,
  'space.restart': SHARED,
  'space.update': OWNER,
  'space.extend': OWNER,
  'space.delete': OWNER,
  'space.enter': SHARED,
  /** To come to a leaf itself, for twelve hours, into the spaces that are theirs or shared with them. */
  'space.grant': { who: ['spaces.use', 'spaces.manage'], scope: 'spaces' },
  'space.share': { who: ['spaces.share', 'spaces.manage'], ofOthers: ['spaces.manage'], scope: '*' },
  /** With others than those it is shared with. */
  'space.share-port': { who: ['spaces.share', 'spaces.manage'], ofOthers: ['spaces.manage'], scope: '*' },
  'space.transfer': { who: ['spaces.transfer', 'spaces.manage'], ofOthers: ['spaces.manage'], scope: '*' },
  'offer.list': SIGNED_IN_READ,
  /** By the receiver; a transfer also needs what making a space needs. */
  'offer.accept': { who: 'signed-in', scope: '*' },
  /** By the receiver, who declines or leaves, and by whoever may offer. */
  'offer.end': { who: 'signed-in', scope: '*' },
  /** Spaces of everybody, not only one's own. */
  'space.of-others': reads('spaces.see', 'spaces.manage'),
  'location.list': SIGNED_IN_READ,
  'location.read': SIGNED_IN_READ,
  /** Instances, policy and orphans of a location. */
  'location.inside': reads('locations.see', 'locations.manage'),
  'location.token': needs('locations.manage'),
  'location.approve': needs('locations.manage'),
  'location.revoke': needs('locations.manage'),
  'location.policy': needs('locations.manage'),
  'location.forget': needs('locations.manage'),
  'location.bulk-delete': needs('spaces.manage'),
  'orphan.list': reads('locations.see', 'locations.manage'),
  'orphan.adopt': needs('locations.manage'),
  'orphan.remove': needs('locations.manage'),
  /** A service of the server's network, by `knot proxy`. */
  'proxy.open': needs('proxy.use'),
  /** Of what one may see, by who may change the thing itself. */
  'label.list': SIGNED_IN_READ,
  'label.set': { who: 'signed-in', scope: 'spaces' },
  'operation.list': SIGNED_IN_READ,
  'operation.read': SIGNED_IN_READ,
  'event.follow': SIGNED_IN_READ,
  'audit.list': reads('audit.see'),
  'audit.check': reads('audit.see'),
  'restore.accept': needs('server.manage'),
  'health.live': ANYONE,
  'health.ready': ANYONE,
  'health.read': ANYONE,
  'health.details': reads('server.see'),
  /** Names and sizes of locations. */
  'metrics.read': { ...reads('server.see'), onMachine: true },
  'version.read': ANYONE,
} as const satisfies Record<string, Rule>;

export type Action = keyof typeof ACTIONS;

export const ACTION_NAMES = Object.keys(ACTIONS).filter((name): name is Action => name in ACTIONS);

/** How long a password counts as just proved, ms. */
export const FRESH_MS = 15 * 60_000;

export type Ruling =
  | { readonly granted: true }
  /** `hidden`: the asker is not to learn that the subject exists. */
  | {
      readonly granted: false;
      readonly why: 'sign-in' | 'hidden' | 'role' | 'scope' | 'stale';
      readonly message: string;
    };

const GRANTED: Ruling = { granted: true };

/**
 * The one permission check. Without a subject it answers for the deed in general; whoever then loads the subject asks
 * again with it.
 */
export function may(actor: Actor | null, action: Action, now: number, subject?: Subject): Ruling {
  const rule: Rule = ACTIONS[action];
  if (rule.who === 'anyone') return GRANTED;
  if (!actor) return { granted: false, why: 'sign-in', message: 'This needs somebody who is signed in.' };
  const others = rule.ofOthers !== undefined && subject !== undefined && !isTheirs(actor, subject, rule);
  if (others && !holdsOne(actor, rule.ofOthers)) return hiddenFrom(actor, action, subject);
  if (!others && rule.who !== 'signed-in' && !holdsOne(actor, rule.who)) {
    const message = `This needs the permission ${rule.who.join(' or ')}.`;
    return { granted: false, why: 'role', message };
  }
  return scopeOf(actor, rule) ?? freshness(actor, rule, now) ?? GRANTED;
}

/** Whether somebody has a permission by a role, and the token they show reaches that far. */
export function holds(actor: Actor, permission: Permission): boolean {
  const narrow = actor.via === 'token' && !actor.scopes.some((scope) => scope !== 'spaces');
  return actor.permissions.includes(permission) && (!narrow || OF_OWN_SPACES.includes(permission));
}

/** Every deed that somebody may do in general: what a screen shows a button for. */
export function actionsOf(actor: Actor, now: number): readonly Action[] {
  return ACTION_NAMES.filter((action) => may(actor, action, now).granted);
}

/** Whether the deed is open to every program on the origin's own machine. */
export function openOnMachine(action: Action): boolean {
  const rule: Rule = ACTIONS[action];
  return rule.onMachine === true;
}

function holdsOne(actor: Actor, permissions: readonly Permission[]): boolean {
  return permissions.some((permission) => holds(actor, permission));
}

function isTheirs(actor: Actor, { ownerId, sharedWith = [] }: Subject, { shared }: Rule): boolean {
  return ownerId === actor.id || (shared === true && sharedWith.includes(actor.id));
}

/** Whoever may see the thing is told what they lack; to others it does not exist. */
function hiddenFrom(actor: Actor, action: Action, { sharedWith = [] }: Subject): Ruling {
  if (sharedWith.includes(actor.id)) {
    return { granted: false, why: 'role', message: 'The space is shared with you: this is for its owner.' };
  }
  if (action !== 'space.read' && holdsOne(actor, ['spaces.see'])) {
    return { granted: false, why: 'role', message: 'This needs the permission spaces.manage.' };
  }
  return { granted: false, why: 'hidden', message: 'There is no such space.' };
}

function scopeOf(actor: Actor, rule: Rule): Ruling | null {
  if (actor.via === 'session') return null;
  if (rule.scope === 'session') {
    return { granted: false, why: 'scope', message: 'A token cannot do this: sign in with name and password.' };
  }
  const enough: readonly TokenScope[] =
    rule.scope === 'read' ? ['*', 'read', 'spaces'] : rule.scope === 'spaces' ? ['*', 'spaces'] : ['*'];
  if (actor.scopes.some((scope) => enough.includes(scope))) return null;
  return { granted: false, why: 'scope', message: `The token lacks the scope ${rule.scope} that this needs.` };
}

function freshness(actor: Actor, rule: Rule, now: number): Ruling | null {
  if (!rule.fresh || now - actor.provedAt <= FRESH_MS) return null;
  return { granted: false, why: 'stale', message: 'Your sign-in is too long ago for this.' };
}
