import { KnotError } from '../errors/index.js';
import { formatOrigin, type Origin } from './config-value.js';
import type { ConfigPurpose } from './keys/key-spec.js';

/** One thing wrong with the configuration. It never holds the value of a secret. */
export interface ConfigProblem {
  /** The key, or empty when it is the file as a whole. */
  readonly key: string;
  /** File, line and column, the flag, or the environment name. */
  readonly where: string;
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
  /** What was found or what is wrong, as a sentence without its end. */
  readonly found: string;
  readonly allowed?: string;
  readonly nearest?: string;
}

export type ProblemFacts = Omit<ConfigProblem, 'where' | 'file' | 'line' | 'column'>;

export function problemAt(origin: Origin, facts: ProblemFacts): ConfigProblem {
  const place = origin.kind === 'file' ? { file: origin.file, line: origin.line, column: origin.column } : {};
  return { ...facts, where: formatOrigin(origin), ...place };
}

/** One line for a person: where, key, what was found, what may have been meant, what is allowed. */
export function formatProblem({ key, where, found, allowed, nearest }: ConfigProblem): string {
  const parts = [`${where}: ${key === '' ? '' : `${key}: `}${found}`];
  if (nearest !== undefined) parts.push(`did you mean ${nearest}?`);
  if (allowed !== undefined) parts.push(`allowed: ${allowed}`);
  return parts.join('; ');
}

/** All problems at once, as one error; programs find them in `details.problems`. */
export function configError(problems: readonly ConfigProblem[], purpose: ConfigPurpose): KnotError {
  const count = problems.length === 1 ? 'one problem' : `${problems.length} problems`;
  return new KnotError(
    'config.invalid',
    [`the configuration has ${count}`, ...problems.map(formatProblem)].join('\n  '),
    `\`knot config check --for ${purpose}\` says the same and starts nothing; \`knot scaffold --${purpose}\` prints a file that works`,
    { problems },
  );
}
