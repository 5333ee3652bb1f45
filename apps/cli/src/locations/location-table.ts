import type { Location, LocationDetail, Orphan } from '../api/schemas.js';
import type { CommandContext } from '../command-context.js';
import { printFacts, printSection, printTable } from '../output.js';
import { ago } from '../times.js';

type Printing = Pick<CommandContext, 'stdout' | 'clock'>;

export function printLocations({ stdout, clock }: Printing, locations: readonly Location[]): void {
  const rows = locations.map((location) => [
    location.name,
    stateOf(location, clock.now()),
    location.leaf?.version ?? '-',
    String(location.leaf?.term ?? '-'),
    ago(location.asOf, clock.now()),
    location.platforms.map(({ platform, ready }) => (ready ? platform : `${platform} (not ready)`)).join(', ') || '-',
    String(location.spaces),
    String(location.lag),
    String(location.queue),
    String(location.orphans),
    location.waiting === 0 ? '' : `${location.waiting} waiting to be let in`,
  ]);
  printTable(
    stdout,
    ['name', 'leaf', 'version', 'term', 'heard of', 'platforms', 'spaces', 'lag', 'queue', 'orphans', ''],
    rows,
  );
}

function stateOf({ live, asOf, leaf }: Location, now: number): string {
  if (live) return 'live';
  return leaf === null && asOf === 0 ? 'never came' : `silent since ${ago(asOf, now)}`;
}

export function printLocation({ stdout, clock }: Printing, location: LocationDetail): void {
  const { leaf, facts, policy } = location;
  const now = clock.now();
  printFacts(stdout, [
    ['Name', location.name],
    ['Leaf', `${stateOf(location, now)}${location.builtIn ? ", the origin's own" : ''}`],
    ['Version', leaf === null ? '' : `${leaf.version}, protocol ${leaf.protocol}`],
    ['Instance', leaf === null ? '' : `${leaf.instance}, term ${leaf.term}`],
    ['Last heard of', ago(location.asOf, now)],
    ['Revision', `${location.appliedRev} of ${location.headRev}`],
    ['Queue', String(location.queue)],
    ['Spaces', String(location.spaces)],
    ['Orphans', String(location.orphans)],
    ['Token', location.hasToken ? 'has one of its own' : 'none of its own'],
    ['Address', facts?.url ?? ''],
    ['Drivers allowed', policy.drivers.join(', ') || 'none'],
    ['Host volumes allowed', policy.hostVolumes.join(', ') || 'none'],
    ['Web ports', portsOf(policy.ports)],
    ['Wishes of the leaf', policy.leafWishes ? 'heard' : 'refused'],
  ]);
  const platforms = location.platforms.map(({ platform, ready, version, lockHeld, message }) => [
    platform,
    ready ? 'ready' : 'not ready',
    version,
    lockHeld ? 'held' : 'not held',
    message,
  ]);
  printSection(stdout, 'Platforms', ['platform', 'state', 'version', 'lock', 'message'], platforms);
  const instances = (location.instances ?? []).map(({ id, state, address, since }) => [
    id,
    state,
    address,
    ago(since, now),
  ]);
  printSection(stdout, 'Instances', ['id', 'state', 'address', 'since'], instances);
}

export function printOrphans({ stdout, clock }: Printing, orphans: readonly Orphan[]): void {
  const rows = orphans.map(({ location, spaceId, name, ownerName, platform, seenAt, adoptable }) => [
    location,
    spaceId,
    name || '-',
    ownerName || '-',
    platform,
    ago(seenAt, clock.now()),
    adoptable ? 'yes' : 'no',
  ]);
  printTable(stdout, ['location', 'space id', 'name', 'owner', 'platform', 'seen', 'adoptable'], rows);
}

function portsOf(ports: LocationDetail['policy']['ports']): string {
  return `for ${ports?.share ?? 'owner'} by default, ${ports?.public ? 'public where asked for' : 'none public'}`;
}
