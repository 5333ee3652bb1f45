import { KnotError } from '@knot/shared/errors';
import type { PlanReport } from '../driver.js';
import { planWords } from './diff-words.js';
import { asObject, numberAt, objectAt, textAt, textsAt, type JsonObject } from './json.js';
import type { NomadClient } from './nomad-client.js';
import { placementWords } from './placement.js';
import type { PreparedJob } from './prepared-job.js';
import { plainWords } from './refusal.js';

/** Nomad's dry run of a job against the one it has. */
export async function jobPlan(client: NomadClient, { id, job }: PreparedJob, signal: AbortSignal): Promise<JsonObject> {
  const body = { Job: job, Diff: true };
  return asObject(await client.write('POST', `job/${id}/plan`, 'plan the job', signal, { body }));
}

export function planReport(plan: JsonObject, exists: boolean): PlanReport {
  const updates = Object.values(objectAt(objectAt(plan, 'Annotations'), 'DesiredTGUpdates')).map(asObject);
  const unplaced = Object.entries(objectAt(plan, 'FailedTGAllocs')).map(
    ([group, metrics]) => `No node could take group ${group} now: ${placementWords(asObject(metrics))}.`,
  );
  return {
    changes: exists ? planWords(objectAt(plan, 'Diff')) : ['create the job'],
    destructive:
      exists && updates.some((update) => numberAt(update, 'DestructiveUpdate') + numberAt(update, 'Stop') > 0),
    warnings: [...warningsOf(plan), ...unplaced],
  };
}

/** Nomad's own checks of a job, which look into the config of its drivers too. */
export async function judgeJob(client: NomadClient, { job }: PreparedJob, signal: AbortSignal): Promise<PlanReport> {
  const answer = asObject(await client.write('PUT', 'validate/job', 'check the job', signal, { body: { Job: job } }));
  const errors = textsAt(answer, 'ValidationErrors');
  if (errors.length > 0 || textAt(answer, 'Error') !== '') {
    const said = plainWords(errors.length > 0 ? errors.join('\n') : textAt(answer, 'Error'));
    throw new KnotError('template.rejected', `Nomad does not take the job: ${said}.`, 'Mend the template.', {
      part: 'job',
    });
  }
  return { changes: [], destructive: false, warnings: warningsOf(answer) };
}

function warningsOf(answer: JsonObject): readonly string[] {
  const text = textAt(answer, 'Warnings');
  return text.trim() === '' ? [] : [plainWords(text.replace(/^\d+ warnings?:/m, ''))];
}
