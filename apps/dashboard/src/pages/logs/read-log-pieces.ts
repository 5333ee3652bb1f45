import { parseLogLine, type LogLine } from '@knot/contract/log-line';
import { parseProblem, unreachable } from '../../api/parse-problem.js';

export interface LogsAsked {
  /** Id. */
  readonly space: string;
  /** Part of a line, whatever its case; '' is all. The agent itself looks for it. */
  readonly search: string;
  /** Whether the answer goes on with what is said from now on. */
  readonly follow: boolean;
}

/**
 * Lines as they come, many at once; none at all where the server only says that the connection stands. Throws an
 * ApiProblem where the server refuses or cannot be reached, also where it is lost on the way.
 */
export async function* readLogPieces(
  { space, search, follow }: LogsAsked,
  signal: AbortSignal,
): AsyncGenerator<readonly LogLine[]> {
  const query = new URLSearchParams({ follow: String(follow), search });
  const lost = () => {
    throw unreachable();
  };
  const answer = await fetch(`/api/v1/spaces/${encodeURIComponent(space)}/logs?${query}`, { signal }).catch(lost);
  if (!answer.ok || !answer.body) throw parseProblem(await answer.json().catch(() => null), answer.status);
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const { done, value = '' } = await reader.read().catch(lost);
    if (done) return;
    const texts = (rest + value).split('\n');
    rest = texts.pop() ?? '';
    yield texts.map(parseLogLine).filter((line) => line !== null);
  }
}
