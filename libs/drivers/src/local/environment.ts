import { userInfo } from 'node:os';
import type { WorkloadSpec } from '../driver.js';
import type { LocalJob } from './local-job.js';
import { MARK_VARIABLE, markText, RUN_VARIABLE } from './members.js';

const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/**
 * The whole environment of a run: nothing of the leaf's own is in it, for that holds secrets. What the job says beats
 * what `given` says (KNOT_SERVER and the like), but for the mark.
 */
export function environmentOf(
  spec: Pick<WorkloadSpec, 'mark' | 'display' | 'environment'>,
  job: LocalJob,
  run: number,
  folder: string,
  given: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const { username, shell } = userInfo();
  return {
    PATH,
    LANG: 'C.UTF-8',
    HOME: folder,
    USER: username,
    LOGNAME: username,
    SHELL: shell ?? '/bin/sh',
    KNOT_USER: spec.display.owner,
    ...given,
    ...spec.environment,
    ...job.env,
    KNOT_SPACEID: spec.mark.space,
    [MARK_VARIABLE]: markText(spec.mark),
    [RUN_VARIABLE]: String(run),
  };
}
