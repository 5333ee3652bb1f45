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
  readonly via: 'session' | 'token';
  /** A session has them all. */
  readonly scopes: readonly TokenScope[];
  /** When its user last proved who they are by password, ms since the epoch; 0 for a token. */
  readonly provedAt: number;
}

/** What is acted on, as far as permission depends on it. */
export interface Subject {
  readonly ownerId: string;
}

interface Rule {
  /** `owner`: of the subject; an administrator too. */
  readonly who: 'anyone' | 'signed-in' | 'owner' | 'administrator';
  /** The least scope a token needs. `session`: no token at all. */
  readonly scope: TokenScope | 'session';
  /** Whether the password must have been proved a short while ago. */
  readonly fresh?: boolean;
  /** Whether a program on the origin's own machine may too, without signing in. */
  readonly onMachine?: boolean;
}

const ADMIN: Rule = { who: 'administrator', scope: '*' };
const ADMIN_READ: Rule = { who: 'administrator', scope: 'read' };
const SIGNED_IN_READ: Rule = { who: 'signed-in', scope: 'read' };
const ANYONE: Rule = { who: 'anyone', scope: 'read' };
const OWNER: Rule = { who: 'owner', scope: 'spaces' };

/** Every deed of the API with who may do it. A route without an entry here cannot be made. */
export const ACTIONS = {
  'setup.read': ANYONE,
  'setup.finish': ANYONE,
  'session.start': ANYONE,
  'session.end': { who: 'signed-in', scope: 'session' },
  'session.list': { who: 'signed-in', scope: 'session' },
  'me.read': SIGNED_IN_READ,
  'me.password': { who: 'signed-in', scope: 'session' },
  'token.list': { who: 'signed-in', scope: '*' },
  'token.create': { who: 'signed-in', scope: 'session', fresh: true },
  'token.delete': { who: 'signed-in', scope: '*' },
  'user.list': ADMIN_READ,
  'user.read': ADMIN_READ,
  'user.create': ADMIN,
  'user.change': ADMIN,
  'user.delete': ADMIN,
  'template.list': SIGNED_IN_READ,
  'template.read': SIGNED_IN_READ,
  'template.text': ADMIN_READ,
  'template.create': ADMIN,
  'template.change': ADMIN,
  'template.delete': ADMIN,
  /** For protected variables. */
  'template.approve': ADMIN,
  'template.render': ADMIN,
  'variable.list': ADMIN_READ,
  'variable.read': ADMIN_READ,
  'variable.create': ADMIN,
  'variable.change': ADMIN,
  'variable.delete': ADMIN,
  'volume.list': ADMIN_READ,
  'volume.read': ADMIN_READ,
  'volume.create': ADMIN,
  'volume.change': ADMIN,
  'volume.delete': ADMIN,
  'space.list': SIGNED_IN_READ,
  'space.create': { who: 'signed-in', scope: 'spaces' },
  'space.read': { who: 'owner', scope: 'read' },
  'space.change': OWNER,
  'space.start': OWNER,
  'space.stop': OWNER,
  'space.restart': OWNER,
  'space.update': OWNER,
  'space.delete': OWNER,
  /** Spaces of everybody, not only one's own. */
  'space.of-others': ADMIN_READ,
  'location.list': SIGNED_IN_READ,
  'location.read': SIGNED_IN_READ,
  /** Instances, policy and orphans of a location. */
  'location.inside': ADMIN_READ,
  'location.token': ADMIN,
  'location.approve': ADMIN,
  'location.revoke': ADMIN,
  'location.policy': ADMIN,
  'location.forget': ADMIN,
  'location.bulk-delete': ADMIN,
  'orphan.list': ADMIN_READ,
  'orphan.adopt': ADMIN,
  'orphan.remove': ADMIN,
  'operation.list': SIGNED_IN_READ,
  'operation.read': SIGNED_IN_READ,
  'event.follow': SIGNED_IN_READ,
  'audit.list': ADMIN_READ,
  'audit.check': ADMIN_READ,
  'restore.accept': ADMIN,
  'health.live': ANYONE,
  'health.ready': ANYONE,
  'health.read': ANYONE,
  'health.details': ADMIN_READ,
  /** Names and sizes of locations. */
  'metrics.read': { ...ADMIN_READ, onMachine: true },
  'version.read': ANYONE,
} as const satisfies Record<string, Rule>;

export type Action = keyof typeof ACTIONS;

/** How long a password counts as just proved, ms. */
export const FRESH_MS = 15 * 60_000;

export type Permission =
  | { readonly granted: true }
  /** `hidden`: the asker is not to learn that the subject exists. */
  | {
      readonly granted: false;
      readonly why: 'sign-in' | 'hidden' | 'role' | 'scope' | 'stale';
      readonly message: string;
    };

const GRANTED: Permission = { granted: true };

/**
 * The one permission check. Without a subject it answers for the deed in general; whoever then loads the subject asks
 * again with it.
 */
export function may(actor: Actor | null, action: Action, now: number, subject?: Subject): Permission {
  const rule: Rule = ACTIONS[action];
  if (rule.who === 'anyone') return GRANTED;
  if (!actor) return { granted: false, why: 'sign-in', message: 'This needs somebody who is signed in.' };
  const administrator = actsAsAdministrator(actor);
  if (rule.who === 'administrator' && !administrator) {
    return { granted: false, why: 'role', message: 'This is for administrators.' };
  }
  if (rule.who === 'owner' && subject && !administrator && subject.ownerId !== actor.id) {
    return { granted: false, why: 'hidden', message: 'There is no such space.' };
  }
  return scopeOf(actor, rule) ?? freshness(actor, rule, now) ?? GRANTED;
}

/** A token for spaces reaches its user's own spaces and nothing else, an administrator's too. */
export function actsAsAdministrator(actor: Actor): boolean {
  if (actor.role !== 'administrator') return false;
  return actor.via === 'session' || actor.scopes.some((scope) => scope !== 'spaces');
}

/** Whether the deed is open to every program on the origin's own machine. */
export function openOnMachine(action: Action): boolean {
  const rule: Rule = ACTIONS[action];
  return rule.onMachine === true;
}

function scopeOf(actor: Actor, rule: Rule): Permission | null {
  if (actor.via === 'session') return null;
  if (rule.scope === 'session') {
    return { granted: false, why: 'scope', message: 'A token cannot do this: sign in with name and password.' };
  }
  const enough: readonly TokenScope[] =
    rule.scope === 'read' ? ['*', 'read', 'spaces'] : rule.scope === 'spaces' ? ['*', 'spaces'] : ['*'];
  if (actor.scopes.some((scope) => enough.includes(scope))) return null;
  return { granted: false, why: 'scope', message: `The token lacks the scope ${rule.scope} that this needs.` };
}

function freshness(actor: Actor, rule: Rule, now: number): Permission | null {
  if (!rule.fresh || now - actor.provedAt <= FRESH_MS) return null;
  return { granted: false, why: 'stale', message: 'Your sign-in is too long ago for this.' };
}
