import { may, type Action, type Subject, type Ruling } from '@knot/domain';
import { KnotError } from '@knot/shared/errors';
import type { Call } from '../http/call.js';

/** The error that a refused permission shows. */
export function refusal(permission: Extract<Ruling, { granted: false }>): KnotError {
  const { message, why } = permission;
  switch (why) {
    case 'sign-in':
      return new KnotError('auth.required', message, 'Sign in, or send a token as Authorization: Bearer.');
    case 'stale':
      return new KnotError('auth.required', message, 'Sign in again and repeat it.', { reason: 'stale' });
    case 'hidden':
      return new KnotError('resource.not_found', message, 'The list shows what there is.');
    case 'role':
      return new KnotError('access.denied', message, 'Ask an administrator.');
    case 'scope':
      return new KnotError('access.denied', message, 'Use another token, or sign in.');
  }
}

/** Throws unless the asker may. */
export function assertMay(call: Call, action: Action, now: number, subject?: Subject): void {
  const permission = may(call.actor, action, now, subject);
  if (!permission.granted) throw refusal(permission);
}

/** Throws `resource.version` when the client has read another version than there is. */
export function assertVersion(call: Call, row: { readonly version: number }): void {
  if (call.ifMatch === null || call.ifMatch === row.version) return;
  const message = `You have read version ${call.ifMatch}; by now it is version ${row.version}.`;
  throw new KnotError('resource.version', message, 'Read it again and repeat your change.', { version: row.version });
}

/** The row, or `resource.not_found`. */
export function found<T>(row: T | null, what: string): T {
  if (row !== null) return row;
  throw new KnotError('resource.not_found', `There is no such ${what}.`, 'The list shows what there is.');
}

/** Throws `confirm.required` unless the name was sent along. */
export function assertConfirmed(confirm: string | undefined, name: string, what: string): void {
  if (confirm === name) return;
  throw new KnotError('confirm.required', what, `To go on, send confirm with the name ${name}.`, { confirm: name });
}
