import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

export interface BenchOptions {
  /** Which benchmarks, in this order. */
  readonly names: readonly string[];
  readonly rounds: number;
  /** Starts of one round of `latency`. */
  readonly starts: number;
  /** Starts of one round of `burst`. */
  readonly burst: number;
  /** Leaves of `fan-out`; `reconnect` has twice as many. */
  readonly leaves: number;
  /** Of `agents`, on one leaf. */
  readonly agents: number;
  /** Spaces and minutes of `idle`; spaces of `listing` and `relist`. */
  readonly spaces: number;
  readonly minutes: number;
  /** Only the peer, in both places: shows what the harness itself adds. */
  readonly bare: boolean;
  /** Folder for CPU profiles of origin and leaf; '' for none. Figures of a profiled run do not count. */
  readonly profile: string;
}

/** Throws with a sentence where an option is unknown or no number. */
export function parseOptions(args: readonly string[], known: readonly string[]): BenchOptions {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      rounds: { type: 'string', default: '5' },
      starts: { type: 'string', default: '400' },
      burst: { type: 'string', default: '500' },
      spaces: { type: 'string', default: '1000' },
      leaves: { type: 'string', default: '500' },
      agents: { type: 'string', default: '1000' },
      minutes: { type: 'string', default: '2' },
      bare: { type: 'boolean', default: false },
      'no-build': { type: 'boolean', default: false }, // of run.mjs
      profile: { type: 'string', default: '' },
    },
  });
  const names = positionals.length > 0 ? positionals : known;
  const strange = names.find((name) => !known.includes(name));
  if (strange !== undefined) throw new Error(`There is no benchmark ${strange}; there are ${known.join(', ')}.`);
  const count = (name: 'rounds' | 'starts' | 'burst' | 'spaces' | 'minutes' | 'leaves' | 'agents') => {
    const value = Number(values[name]);
    if (value > 0) return value;
    throw new Error(`--${name} is a number above 0, not ${values[name]}.`);
  };
  return {
    names,
    rounds: count('rounds'),
    starts: count('starts'),
    burst: count('burst'),
    spaces: count('spaces'),
    leaves: count('leaves'),
    agents: count('agents'),
    minutes: count('minutes'),
    bare: values.bare,
    profile: values.profile === '' ? '' : resolve(values.profile),
  };
}
