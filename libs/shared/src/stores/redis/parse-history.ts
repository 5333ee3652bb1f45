import { KnotError } from '../../errors/index.js';
import type { LogEntry, Position, StreamName } from '../store.js';
import type { Kind } from '../rows.js';
import { dataGone } from './commit-plan.js';
import { partsOf, textsOf } from './parse-reply.js';

/** Entries that one script of a compaction forgets at most. */
export const COMPACTION_SLICE = 2_000;

/** What `HEAD` answers. */
export function headOf(reply: unknown): Position {
  const [epoch = '', rev = '', nonce = ''] = textsOf(reply);
  if (epoch === '') throw dataGone();
  return { epoch, rev: Number(rev), nonce };
}

/** What `LOG` answers. Throws `sync.relist` unless `after` lies in the history that is held and remembered. */
export function entriesOf(reply: unknown, stream: StreamName, after: Position): readonly LogEntry[] {
  const [epoch = '', rev = '', nonce = '', compactedRev = '', compactedNonce = '', before = '', ...entries] =
    textsOf(reply);
  if (epoch === '') throw dataGone();
  if (after.epoch !== epoch) throw relist(stream, 'the position is of another epoch');
  if (after.rev > Number(rev)) throw relist(stream, 'the position is ahead of the head');
  if (after.rev < Number(compactedRev)) throw relist(stream, 'the position is behind compaction');
  const known = after.rev === Number(rev) ? nonce : after.rev === Number(compactedRev) ? compactedNonce : before;
  if (after.nonce !== known) throw relist(stream, 'the position is of another history');
  return partsOf(entries, 5).map(toEntry);
}

function toEntry([rev = '', nonce = '', kind = '', id = '', op = '']: readonly string[]): LogEntry {
  return { rev: Number(rev), nonce, kind: kind as Kind, id, op: op === 'delete' ? 'delete' : 'put' };
}

function relist(stream: StreamName, message: string): KnotError {
  return new KnotError('sync.relist', `${message} of ${stream}`, 'List again and follow from there.');
}
