import { ok, type Check } from './check.js';

/** Leases are judged by the store's clock and tickets by the machine's, so a little is no harm. */
const HARMLESS_SKEW_MS = 2_000;
/** The life of a lease: beyond it the two clocks disagree on who may act. */
const BAD_SKEW_MS = 30_000;

/** `asked` and `told`: the machine's clock halfway through the question, and the store's answer; ms. Null: no answer. */
export function storeChecks(clocks: { readonly asked: number; readonly told: number } | null): readonly Check[] {
  if (clocks === null) {
    const sentence = 'The store does not answer.';
    const advice =
      'Look into the log of the server and at the database itself; nothing can be read or changed meanwhile.';
    return [{ code: 'store.silent', severity: 'error', subject: '', sentence, advice }];
  }
  return [ok('store.silent', 'The store answers.'), clockCheck(clocks.told - clocks.asked)];
}

function clockCheck(skew: number): Check {
  const code = 'store.clock-skew';
  const size = Math.abs(skew);
  if (size <= HARMLESS_SKEW_MS) return ok(code, 'The clocks of the store and of this machine agree.');
  const direction = skew > 0 ? 'ahead of' : 'behind';
  return {
    code,
    severity: size > BAD_SKEW_MS ? 'error' : 'warning',
    subject: '',
    sentence: `The store's clock is ${Math.round(size / 1_000)} s ${direction} the clock of this machine.`,
    advice: 'Let both machines take their time from the same source (NTP).',
  };
}

/** `sentences`: what the store has to say of how it keeps data. */
export function dataLossChecks(sentences: readonly string[]): readonly Check[] {
  const code = 'store.data-loss';
  if (sentences.length === 0)
    return [ok(code, 'The store tells of no setting by which it would lose what it has acknowledged.')];
  const advice = 'Set what the sentence names at the store, or live with the loss knowingly.';
  return sentences.map((sentence) => ({ code, severity: 'warning', subject: '', sentence, advice }));
}

/** `restoredAt`: when the backup was noticed, ms since the epoch; 0 when none waits to be accepted. */
export function restoreCheck(restoredAt: number): Check {
  const code = 'restore.not-accepted';
  if (restoredAt === 0) return ok(code, 'No restored database waits to be accepted.');
  return {
    code,
    severity: 'error',
    subject: '',
    sentence:
      `The database was put back from a backup (noticed ${new Date(restoredAt).toISOString()}): who was deleted or locked ` +
      'out since is in it again. All sessions were ended, and API tokens made before are suspended.',
    advice: 'Look over users, their roles and tokens, then accept it: POST /api/v1/restore/accept.',
  };
}
