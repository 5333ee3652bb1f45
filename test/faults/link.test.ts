import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Space, Template } from '../tools/api-client.js';
import { locationReady, startLeaf, startOrigin, type Leaf, type Origin } from '../tools/cluster.js';
import { always, eventually } from '../tools/eventually.js';
import { metric } from '../tools/metrics.js';
import { freshFolder, runKnot } from '../tools/processes.js';
import { startTcpProxy, type TcpProxy } from '../tools/tcp-proxy.js';

/** So large that a stalled stream's window is full after a few changes. */
const FAT_JOB = `command: [sleep, "1000"]\n# ${'x'.repeat(20_000)}\n`;

/** A location of its own behind a wire of its own. */
interface Place {
  readonly name: string;
  readonly proxy: TcpProxy;
  leaf: Leaf;
}

let origin: Origin;
let template: Template;
let fat: Template;

beforeAll(async () => {
  origin = await startOrigin();
  template = await origin.api.createTemplate({ name: 'sleeper', platform: 'local', job: 'command: [sleep, "1000"]' });
  fat = await origin.api.createTemplate({ name: 'fat', platform: 'local', job: FAT_JOB });
});

/** Spaces outlive their leaf; nothing of them is left on the machine. */
afterAll(async () => {
  const left = (await origin.api.spaces()).filter(({ phase }) => phase !== 'Stopped');
  for (const { id } of left) await origin.api.wish(id, 'stop');
  for (const { id } of left) await origin.api.phase(id, 'Stopped');
});

async function place(name: string): Promise<Place> {
  const proxy = await startTcpProxy(origin.url);
  const leaf = await startLeaf({ url: proxy.url }, { location: name, local: true });
  await locationReady(origin, name, 'local');
  return { name, proxy, leaf };
}

async function running(name: string, location: string, from = template): Promise<Space> {
  const space = await origin.api.createSpace(name, from.id, location);
  await origin.api.wish(space.id, 'start');
  return origin.api.phase(space.id, 'Running');
}

const relists = ({ leaf }: Place) => metric(leaf.url, 'knot_leaf_relists_total');
const isFollowing = ({ leaf }: Place) => metric(leaf.url, 'knot_leaf_stage', { stage: 'following' });

async function follows(at: Place, timeout = 30_000): Promise<void> {
  await eventually(
    () => isFollowing(at),
    (value) => value === 1,
    { timeout, what: `${at.name} to follow` },
  );
}

async function lostSight(at: Place, timeout: number): Promise<void> {
  await eventually(
    () => isFollowing(at),
    (value) => value === 0,
    { timeout, what: `${at.name} to notice` },
  );
}

function end(space: Space): void {
  process.kill(-Number.parseInt(space.instance, 10), 'SIGKILL');
}

/** The space runs as another process than before. */
function putBack(before: Space, timeout = 30_000): Promise<Space> {
  return eventually(
    () => origin.api.space(before.id),
    (now) => now.phase === 'Running' && now.instance !== before.instance,
    { timeout, what: `another instance of ${before.name}` },
  );
}

describe('a cut link', () => {
  it('is resumed from its revision without a relist, with the wish made meanwhile', async () => {
    const at = await place('cut');
    const space = await running('cut', at.name);
    const before = await relists(at);
    at.proxy.cut();
    await lostSight(at, 10_000);
    await origin.api.wish(space.id, 'stop');
    at.proxy.pass();
    await origin.api.phase(space.id, 'Stopped');
    await follows(at);
    expect(await relists(at)).toBe(before);
    const { headRev, appliedRev } = await eventually(
      () => origin.api.location(at.name),
      (now) => now.appliedRev === now.headRev,
      { timeout: 30_000, what: 'the revisions to meet' },
    );
    expect(appliedRev).toBe(headRev);
  });

  it('loses and doubles nothing of a report whose answer was lost', async () => {
    const at = await place('answer');
    const space = await running('answer', at.name);
    const failed = await metric(at.leaf.url, 'knot_leaf_reports_failed_total');
    at.proxy.stall('back');
    end(space);
    // The origin has stored a report, and no answer to it arrives.
    await eventually(
      () => origin.api.space(space.id),
      (now) => now.phase !== 'Running' || now.instance !== space.instance,
      { what: 'the report to be stored' },
    );
    at.proxy.cut();
    at.proxy.pass();
    await eventually(
      () => metric(at.leaf.url, 'knot_leaf_reports_failed_total'),
      (now) => now > failed,
      { timeout: 20_000, what: 'the leaf to miss the answer' },
    );
    const { events } = await putBack(space);
    expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
    expect(new Set(events.map(({ message, at: when }) => `${when} ${message}`)).size).toBe(events.length);
  });
});

describe('a half-open link', () => {
  it('is noticed within 30 s and resumed once it carries again; spaces are healed meanwhile', async () => {
    const at = await place('half');
    const [kept, stopped] = [await running('kept', at.name), await running('stopped', at.name)];
    const before = await relists(at);
    at.proxy.swallow();
    await lostSight(at, 30_000);
    await origin.api.wish(stopped.id, 'stop');
    const killedAt = Date.now();
    end(kept);
    // Long enough for an attempt to connect that hangs half made.
    await at.leaf.process.waitForLine(/did not answer in time/, { timeout: 30_000 });
    const passedAt = Date.now();
    at.proxy.pass();
    const back = await putBack(kept, 45_000);
    const healed = back.events.filter(({ at: when }) => when >= killedAt && when < passedAt);
    expect(healed.map(({ message }) => message).join('\n')).toMatch(/put back|ended/i);
    await origin.api.phase(stopped.id, 'Stopped');
    await follows(at);
    expect(await relists(at)).toBe(before);
  }, 150_000);
});

describe('a leaf that takes nothing', () => {
  it('slows no other leaf, is cut, and gets the latest of each space once when it is back', async () => {
    const [stuck, free] = [await place('stuck'), await place('free')];
    const spaces = [await running('one', stuck.name, fat), await running('two', stuck.name, fat)];
    const open = await metric(origin.url, 'knot_leaf_streams');
    const [received, before] = [await metric(stuck.leaf.url, 'knot_leaf_received_objects_total'), await relists(stuck)];
    stuck.proxy.stall('back');
    const rounds = 50;
    for (let round = 0; round < rounds; round++) {
      for (const { id } of spaces) await origin.api.wish(id, 'stop');
      for (const { id } of spaces) await origin.api.wish(id, 'start');
      if (round === rounds / 2) await running('meanwhile', free.name);
    }
    for (const { id } of spaces) await origin.api.wish(id, 'stop');
    // By the 10 s that a message may wait, or by a keepalive's ping that nobody answers, whichever comes first.
    await eventually(
      () => metric(origin.url, 'knot_leaf_streams'),
      (now) => now < open,
      { timeout: 25_000, what: 'the stuck stream to be cut' },
    );
    await running('afterwards', free.name);
    expect(await isFollowing(free)).toBe(1);

    stuck.proxy.pass();
    for (const { id } of spaces) await origin.api.phase(id, 'Stopped', { timeout: 60_000 });
    await follows(stuck);
    expect(await relists(stuck)).toBe(before);
    const changes = 2 * rounds * spaces.length;
    expect((await metric(stuck.leaf.url, 'knot_leaf_received_objects_total')) - received).toBeLessThan(changes / 4);
  }, 150_000);
});

describe('a leaf whose credential is revoked', () => {
  it('is cut at once, does nothing more, says why, stays up, and is let in by a token of its location', async () => {
    const at = await place('revoked');
    const starts = join(freshFolder('starts'), 'starts');
    const job = `command: [sh, "-c", "echo started >> ${starts}; exec sleep 1000"]`;
    const counting = await origin.api.createTemplate({ name: 'counting', platform: 'local', job });
    const space = await running('revoked', at.name, counting);
    const started = () => readFileSync(starts, 'utf8').trim().split('\n').length;
    expect(started()).toBe(1);

    const [instance] = (await origin.api.location(at.name)).instances ?? [];
    if (!instance) throw new Error('the location names no instance');
    await origin.api.request('POST', `/locations/${at.name}/instances/${instance.id}/revoke`);
    await at.leaf.process.waitForLine(/the origin is not followed: This leaf of revoked was revoked/);
    end(space);
    await always(started, (count) => count === 1, { timeout: 5_000, what: 'no deed' });
    expect(at.leaf.process.isRunning()).toBe(true);
    const health = await (await fetch(`${at.leaf.url}/health`)).text();
    expect(health).toContain('This leaf of revoked was revoked');
    expect(health).toContain('knot locations token revoked');

    // Nor after a restart without its origin, when the lock in the backend alone would give it the right.
    at.proxy.cut();
    await at.leaf.process.terminate();
    at.leaf = await at.leaf.restart();
    await always(started, (count) => count === 1, { timeout: 5_000, what: 'no deed' });
    at.proxy.pass();

    const { output } = await runKnot(['locations', 'token', at.name], {
      env: { KNOT_SERVER: origin.url, KNOT_TOKEN: origin.api.token },
    });
    await at.leaf.process.terminate();
    at.leaf = await at.leaf.reconfigured({ 'server.shared_token': /knloc_\S+/.exec(output)?.[0] });
    await putBack(space, 60_000);
    expect(started()).toBe(2);
  }, 120_000);
});
