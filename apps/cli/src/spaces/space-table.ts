import type { Space, SpaceDetail } from '../api/schemas.js';
import type { CommandContext } from '../command-context.js';
import { printFacts, printSection, printTable } from '../output.js';
import { ago, duration, timeOfDay } from '../times.js';
import { sentenceOf } from './space-news.js';

type Printing = Pick<CommandContext, 'stdout' | 'clock' | 'timeZone'>;

/** One line per space; owners where there are several. */
export function printSpaces({ stdout, clock }: Printing, spaces: readonly Space[]): void {
  const owners = new Set(spaces.map(({ owner }) => owner.id)).size > 1;
  const titles = ['name', ...(owners ? ['owner'] : []), 'phase', 'template', 'location', 'wished', 'because'];
  const rows = spaces.map((space) => [
    space.name,
    ...(owners ? [space.owner.username] : []),
    space.phase,
    space.template.name,
    space.location,
    ago(space.wishedAt, clock.now()),
    [sentenceOf(space), ...(space.updateAvailable ? ['(an update is there)'] : [])].join(' ').trim(),
  ]);
  printTable(stdout, titles, rows);
}

/** All there is to say about one space. */
export function printSpace(printing: Printing, space: SpaceDetail): void {
  const { stdout, clock } = printing;
  const now = clock.now();
  printFacts(stdout, [
    ['Name', space.name],
    ['Id', space.id],
    ['Owner', space.owner.username],
    ['Description', space.description],
    ['Phase', `${space.phase} (wanted: ${space.want})`],
    ['Because', sentenceOf(space)],
    ['Template', templateOf(space)],
    ['Location', `${space.location}${space.live ? '' : ` (not heard of; all this is as of ${ago(space.asOf, now)})`}`],
    ['Wished', space.wishedAt === 0 ? '' : `${ago(space.wishedAt, now)}${space.wishedBy && ` by ${space.wishedBy}`}`],
    ['Workload', workloadOf(space)],
    ['Operation', operationOf(space)],
    ['Shell', space.shell],
    ['Start scripts', space.scripts.map(scriptOf).join(', ')],
    ['VS Code', space.tunnel],
    ['Last used', space.activeAt === 0 ? '' : ago(space.activeAt, now)],
  ]);
  printConditions(printing, space);
  printStart(printing, space);
  const volumes = space.volumes.map(({ name, state, backendId, detached, message }) => [
    name,
    detached ? `${state}, detached` : state,
    backendId,
    message,
  ]);
  printSection(stdout, 'Volumes', ['name', 'state', 'at the backend', 'message'], volumes);
  const ports = space.ports.map(({ port, protocol, label, kind, address, directAddress, share, sharedBy }) => [
    String(port),
    protocol,
    label === '' ? kind : label,
    address === '' ? '' : `${share} (${sharedBy})`,
    [address, directAddress].filter((one) => one !== '').join(' '),
  ]);
  printSection(stdout, 'Ports', ['port', 'protocol', 'name', 'for', 'address'], ports);
  printEvents(printing, space);
}

function templateOf({ template, updateAvailable }: SpaceDetail): string {
  const version = template.version === 0 ? 'never started' : `version ${template.version}`;
  return `${template.name} on ${template.platform}, ${version}${updateAvailable ? '; an update is there' : ''}`;
}

function workloadOf({ workload, instance, restarts, exitCode }: SpaceDetail): string {
  const facts = [
    workload,
    instance,
    restarts === 0 ? '' : `${restarts} restarts`,
    exitCode === null ? '' : `exit code ${exitCode}`,
  ];
  return facts.filter((fact) => fact !== '').join(', ');
}

function scriptOf({ name, code }: SpaceDetail['scripts'][number]): string {
  if (code === null) return `${name} runs`;
  return code === 0 ? `${name} is done` : `${name} ended with code ${code}`;
}

function operationOf({ operation }: SpaceDetail): string {
  if (operation === null) return '';
  return `${operation.kind} ${operation.state}${operation.message && `: ${operation.message}`}`;
}

function printConditions({ stdout, clock }: Printing, { conditions }: SpaceDetail): void {
  const rows = conditions.map(({ type, status, reason, since, message }) => [
    type,
    status,
    reason,
    ago(since, clock.now()),
    message,
  ]);
  printSection(stdout, 'Conditions', ['type', 'status', 'reason', 'since', 'message'], rows);
}

/** Each step with the time since the one before it, and the last with the time of the whole start. */
function printStart({ stdout, timeZone }: Printing, { phases }: SpaceDetail): void {
  const rows = phases.map(({ name, at }, index) => [
    name,
    timeOfDay(at, timeZone),
    index === 0 ? '' : duration(at - (phases[index - 1]?.at ?? at)),
    index === 0 ? '' : duration(at - (phases[0]?.at ?? at)),
  ]);
  printSection(stdout, 'Start', ['step', 'at', 'took', 'in all'], rows);
}

function printEvents({ stdout, clock }: Printing, { events }: SpaceDetail): void {
  const rows = events.map(({ at, source, reason, message }) => [ago(at, clock.now()), source, reason, message]);
  printSection(stdout, 'Events', ['when', 'source', 'reason', 'message'], rows);
}
