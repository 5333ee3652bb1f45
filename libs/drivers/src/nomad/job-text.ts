import { LineCounter, parseDocument } from 'yaml';
import { isNestedDeeply } from '@knot/shared/config';
import { KnotError } from '@knot/shared/errors';
import { isObject, type JsonObject } from './json.js';
import type { NomadClient } from './nomad-client.js';
import { plainWords, refusalOf } from './refusal.js';

/** More than this no orchestrator should be asked to keep in its log for one job. */
const MAX_JOB_BYTES = 2 * 1024 * 1024;

/** A job text, HCL or Nomad's JSON form, as Nomad's API object. HCL is parsed by the server, the judge of it. */
export async function parseJobText(client: NomadClient, text: string, signal: AbortSignal): Promise<JsonObject> {
  const bytes = Buffer.byteLength(text);
  if (bytes > MAX_JOB_BYTES) {
    throw rejected(`The job has ${bytes} bytes after rendering; at most ${MAX_JOB_BYTES} are taken.`);
  }
  if (text.trim() === '') throw rejected('The job is empty.');
  return text.trimStart().startsWith('{') ? parseJson(text) : parseHcl(client, text, signal);
}

async function parseHcl(client: NomadClient, text: string, signal: AbortSignal): Promise<JsonObject> {
  const answer = await client.bare('POST', 'jobs/parse', signal, { JobHCL: text, Canonicalize: true });
  if (answer.status === 400) throw hclMistake(answer.text);
  if (answer.status !== 200) throw refusalOf(answer, 'parse the job');
  const job = parsed(answer.text);
  if (isObject(job)) return job;
  throw new KnotError('backend.unavailable', `${client.where} did not answer as Nomad does when asked to parse a job.`);
}

/** `input.hcl:3,8-4,1: Invalid expression; Expected ...` */
function hclMistake(text: string): KnotError {
  const said = plainWords(text.replace(/^Failed to parse job: /, ''));
  const [place, line, column] = /input\.hcl:(\d+),(\d+)(?:-(?:\d+,)?\d+)?: /.exec(said) ?? [];
  if (place === undefined) return rejected(`Nomad does not take the job: ${said}.`);
  const message = said.replace(place, '').replaceAll(/input\.hcl:(\d+),(\d+)(?:-(?:\d+,)?\d+)?/g, 'line $1, column $2');
  return rejected(`Job, line ${line}, column ${column}: ${message}.`, {
    part: 'job',
    line: Number(line),
    column: Number(column),
  });
}

function parseJson(text: string): JsonObject {
  if (isNestedDeeply(text)) throw rejected('The job is nested too deeply.');
  const whole = parsed(text);
  if (whole === null) throw jsonMistake(text);
  const names = withCanonicalNames(isObject(whole) ? whole : {});
  const job = isObject(names['Job']) ? names['Job'] : names;
  if (Array.isArray(job['TaskGroups'])) return job;
  throw rejected(
    'The job is JSON, but not in the form of Nomad\'s API ("Job" with "TaskGroups").',
    {},
    '`nomad job run -output` prints that form.',
  );
}

/** V8 says where only now and then, and shows a piece of the text; YAML, of which JSON is a part, has the place. */
function jsonMistake(text: string): KnotError {
  const lines = new LineCounter();
  const [problem] = parseDocument(text, { lineCounter: lines, prettyErrors: false }).errors;
  if (!problem) return rejected('The job begins like JSON, but is none.');
  const { line, col: column } = lines.linePos(problem.pos[0]);
  return rejected(`Job, line ${line}, column ${column}: not JSON from here on.`, { part: 'job', line, column });
}

/** Every name that rewriting and policy look at. */
const NAMES = [
  ...['Job', 'ID', 'Name', 'Namespace', 'Region', 'Type', 'Meta', 'Stop', 'TaskGroups', 'Periodic', 'ParameterizedJob'],
  ...['Multiregion', 'ParentID', 'Dispatched', 'Payload', 'ConsulToken', 'VaultToken', 'ConsulNamespace'],
  ...['VaultNamespace', 'Status', 'StatusDescription', 'Stable', 'Version', 'SubmitTime', 'CreateIndex', 'ModifyIndex'],
  ...['JobModifyIndex', 'NomadTokenID', 'VersionTag', 'DispatchIdempotencyToken', 'Tasks', 'Volumes', 'Networks'],
  ...['Services', 'Connect', 'Consul', 'Vault', 'Secrets', 'Identity', 'Identities', 'Count', 'Mode', 'Source'],
  ...['PerAlloc', 'Driver', 'Config', 'Env', 'Artifacts', 'GetterSource', 'GetterOptions', 'RelativeDest', 'Templates'],
  ...['SourcePath', 'DestPath', 'EmbeddedTmpl', 'LeftDelim', 'RightDelim', 'Resources', 'Devices', 'CSIPluginConfig'],
  ...['Kind', 'User', 'Update', 'Scaling', 'ScalingPolicies', 'Action', 'Actions', 'Sidecar', 'Lifecycle'],
];
const CANONICAL = new Map(NAMES.map((name) => [name.toLowerCase(), name]));
/** Maps whose keys are the user's own words. */
const FREE = new Set(['Config', 'Env', 'Meta', 'GetterOptions']);

/**
 * Nomad matches the names of JSON fields whatever their case, `taskgroups` as well as `TaskGroups`; so a policy
 * that reads only the one would be passed by with the other.
 */
function withCanonicalNames(object: JsonObject): JsonObject {
  const named = new Map<string, unknown>();
  for (const [key, value] of Object.entries(object)) {
    const name = CANONICAL.get(key.toLowerCase()) ?? key;
    // Go folds a few letters beyond ASCII to ASCII ones too.
    if (named.has(name) || /[^\x20-\x7e]/.test(name)) {
      throw rejected(
        `The job's JSON has the field ${JSON.stringify(key)} twice, or in letters that Nomad does not know.`,
      );
    }
    named.set(name, FREE.has(name) ? value : name === 'Volumes' ? withCanonicalEntries(value) : canonical(value));
  }
  return Object.fromEntries(named);
}

function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  return isObject(value) ? withCanonicalNames(value) : value;
}

function withCanonicalEntries(value: unknown): unknown {
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, canonical(entry)]));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function rejected(
  message: string,
  details: Readonly<Record<string, unknown>> = {},
  hint = 'Mend the template.',
): KnotError {
  return new KnotError('template.rejected', message, hint, details);
}
