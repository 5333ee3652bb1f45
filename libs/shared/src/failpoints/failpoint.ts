import { KnotError } from '../errors/index.js';
import { FAILPOINTS, isFailpointName, type FailpointName } from './names.js';

type FailpointAction =
  | { readonly kind: 'exit' }
  | { readonly kind: 'sleep'; readonly ms: number }
  | { readonly kind: 'error'; left: number };

/** What failpoints do to the world; replaced in tests only. */
export interface FailpointEffects {
  kill(): void;
  sleep(ms: number): Promise<void>;
}

const realEffects: FailpointEffects = {
  kill: () => process.kill(process.pid, 'SIGKILL'),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};

let armed: ReadonlyMap<FailpointName, FailpointAction> | undefined;
let effects = realEffects;

/**
 * A named place where a fault test may strike. Write `await failpoint('leaf.create.after')`; it costs one comparison
 * while no failpoint is armed.
 */
export function failpoint(name: FailpointName): Promise<void> | undefined {
  if (armed === undefined) return undefined;
  const action = armed.get(name);
  return action === undefined ? undefined : strike(name, action);
}

async function strike(name: FailpointName, action: FailpointAction): Promise<void> {
  switch (action.kind) {
    case 'exit':
      effects.kill();
      return;
    case 'sleep':
      return effects.sleep(action.ms);
    case 'error':
      if (action.left <= 0) return;
      action.left -= 1;
      throw new KnotError('internal', `the failpoint ${name} struck`);
  }
}

/**
 * Arms failpoints from the text of `KNOT_FAILPOINTS`, once at start: `name=exit;other=sleep(500);third=error`.
 * `exit` is SIGKILL to this process, `sleep(ms)` waits, `error` throws each time, `error(n)` the first n times.
 * An empty text disarms. Throws `config.invalid` for a name or an action that does not exist.
 */
export function armFailpoints(text: string | undefined, replaced: FailpointEffects = realEffects): void {
  const entries = (text ?? '').split(';').map((entry) => entry.trim());
  const actions = new Map(entries.filter((entry) => entry !== '').map(parseEntry));
  armed = actions.size === 0 ? undefined : actions;
  effects = replaced;
}

function parseEntry(entry: string): [FailpointName, FailpointAction] {
  const [name = '', action = ''] = entry.split('=', 2).map((part) => part.trim());
  if (!isFailpointName(name)) {
    const known = Object.keys(FAILPOINTS).join(', ');
    throw new KnotError('config.invalid', `KNOT_FAILPOINTS names no known failpoint: "${name}"`, `Known are: ${known}`);
  }
  return [name, parseAction(entry, action)];
}

function parseAction(entry: string, text: string): FailpointAction {
  const [, word, argument] = /^(exit|sleep|error)(?:\((\d+)\))?$/.exec(text) ?? [];
  if (word === 'exit' && argument === undefined) return { kind: 'exit' };
  if (word === 'sleep' && argument !== undefined) return { kind: 'sleep', ms: Number(argument) };
  if (word === 'error') return { kind: 'error', left: argument === undefined ? Infinity : Number(argument) };
  throw new KnotError('config.invalid', `KNOT_FAILPOINTS: "${entry}" has no action`, 'Use exit, sleep(ms) or error(n)');
}
