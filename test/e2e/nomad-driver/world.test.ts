import { randomUUID } from 'node:crypto';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { Driver, WorkloadSpec } from '@knot/drivers';
import { backendName, type Scope, type Workload } from '@knot/domain';
import { isKnotError, type KnotError } from '@knot/shared/errors';
import { eventually } from '../../tools/eventually.js';
import type { NomadClient } from '../../tools/nomad-client.js';
import { sharedNomad } from '../../tools/shared-nomad.js';
import { driverFor, mockJob, NEVER_AGAIN, POLICY, VOLUMES, WITH_VOLUMES } from './harness.js';

const nomad = await sharedNomad();
const scope: Scope = { installation: randomUUID(), location: 'here' };
let client: NomadClient;
let driver: Driver;

beforeAll(async () => {
  client = await nomad.freshNamespace();
  driver = driverFor(client, scope);
});
afterEach(async () => {
  for (const job of await client.jobs()) await client.purge(job.ID);
});

function signal(): AbortSignal {
  return AbortSignal.timeout(30_000);
}

function newSpec(job = mockJob(), further: Partial<WorkloadSpec> = {}): WorkloadSpec {
  const space = randomUUID();
  return {
    mark: { ...scope, space },
    display: { space: 'a space', owner: 'ann' },
    job: job.replaceAll('{{space}}', space),
    volumes: '',
    hash: `sha256:${space}`,
    policy: POLICY,
    ...further,
  };
}

async function look(spec: WorkloadSpec, wanted = true): Promise<Workload> {
  const request = { mark: spec.mark, volumes: [], spec: wanted ? spec : null, verified: '' };
  return (await driver.observe(request, signal())).workload;
}

type Present = Extract<Workload, { state: 'present' }>;

function until(spec: WorkloadSpec, what: string, is: (seen: Workload) => boolean): Promise<Workload> {
  return eventually(() => look(spec), is, { timeout: 20_000, interval: 50, what });
}

async function untilPresent(spec: WorkloadSpec, what: string, is: (seen: Present) => boolean): Promise<Present> {
  const seen = await until(spec, what, (workload) => workload.state === 'present' && is(workload));
  if (seen.state !== 'present') throw new Error('unreachable');
  return seen;
}

async function start(spec: WorkloadSpec): Promise<Present> {
  await driver.apply(spec, '', signal());
  return untilPresent(spec, 'healthy', ({ health }) => health === 'healthy');
}

async function refusal(deed: Promise<unknown>): Promise<KnotError> {
  const error: unknown = await deed.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!isKnotError(error)) throw new Error(`Expected a KnotError, got ${String(error)}`);
  return error;
}

/** Something that answers in Nomad's place; its address. */
async function standIn(answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('the job at Nomad', () => {
  it('is named and marked for its space, and keeps the name of the template', async () => {
    const spec = newSpec();
    await start(spec);
    const job = await client.job(backendName(spec.mark.space));
    expect(job).toMatchObject({
      Name: `web-${spec.mark.space}`,
      Meta: {
        knot_installation: scope.installation,
        knot_location: 'here',
        knot_space: spec.mark.space,
        knot_owner: 'ann',
        knot_name: 'a space',
      },
    });
    expect((await client.jobs()).map(({ ID }) => ID)).toEqual([backendName(spec.mark.space)]);
  });

  it('leaves nothing behind when it is removed', async () => {
    const spec = newSpec();
    await start(spec);
    await driver.remove(spec.mark, signal());
    await eventually(
      () => look(spec, false),
      ({ state }) => state === 'absent',
      { timeout: 10_000, what: 'absent' },
    );
    expect(await client.job(backendName(spec.mark.space))).toBeUndefined();
  });

  it('is taken in the JSON form of the API too, whatever the case of its fields', async () => {
    const task = { Name: 't', driver: 'mock_driver', Config: { run_for: '1h' }, Resources: { CPU: 10, MemoryMB: 10 } };
    const update = { MinHealthyTime: 1, HealthCheck: 'task_states', MaxParallel: 1, HealthyDeadline: 60_000_000_000 };
    const group = { Name: 'g', Count: 1, Tasks: [task], Update: { ...update, ProgressDeadline: 120_000_000_000 } };
    const job = { job: { ID: 'mine', Type: 'service', Datacenters: ['dc1'], taskgroups: [group] } };
    const spec = newSpec(JSON.stringify(job));
    expect((await start(spec)).drift).toBeNull();
    const evil = JSON.stringify(job).replace('mock_driver', 'raw_exec');
    expect((await refusal(driver.apply(newSpec(evil), '', signal()))).message).toContain('raw_exec');
  });

  it('that is HCL with a mistake is refused with line and column', async () => {
    const error = await refusal(driver.apply(newSpec('job "x" {\n  group "g" {\n    cuont = 2\n  }\n}'), '', signal()));
    expect(error).toMatchObject({ code: 'template.rejected', details: { part: 'job', line: 3, column: 5 } });
    expect(error.message).toContain('cuont');
  });

  it('that parses but is not valid is refused for good, in one line', async () => {
    const error = await refusal(driver.apply(newSpec(mockJob({ group: 'count = -1' })), '', signal()));
    expect(error.code).toBe('backend.invalid');
    expect(error.message).toContain("can't be negative");
    expect(error.message).not.toContain('\n');
  });

  it('that names another namespace is refused', async () => {
    const spec = newSpec(mockJob().replace('datacenters', 'namespace = "other"\n  datacenters'));
    expect(await refusal(driver.apply(spec, '', signal()))).toMatchObject({ code: 'template.policy' });
  });
});

describe('behind the back', () => {
  it('a job that was stopped and purged is absent, and comes back', async () => {
    const spec = newSpec();
    const before = await start(spec);
    await client.purge(backendName(spec.mark.space));
    await until(spec, 'absent', ({ state }) => state === 'absent');
    expect((await start(spec)).instance).not.toBe(before.instance);
  });

  it('a job that was stopped, not purged, counts as absent where it is wanted, and comes back', async () => {
    const spec = newSpec();
    await start(spec);
    await client.request('DELETE', `/v1/job/${backendName(spec.mark.space)}`);
    await until(spec, 'absent', ({ state }) => state === 'absent');
    await start(spec);
  });

  it('a job that was stopped, not purged, is purged where none is wanted', async () => {
    const spec = newSpec();
    await start(spec);
    await client.request('DELETE', `/v1/job/${backendName(spec.mark.space)}`);
    await until(spec, 'absent', ({ state }) => state === 'absent');
    expect(await look(spec, false)).toMatchObject({ state: 'present', health: 'ended' });
    await driver.remove(spec.mark, signal());
    expect(await look(spec, false)).toEqual({ state: 'absent' });
    expect(await client.job(backendName(spec.mark.space))).toBeUndefined();
  });

  it('an edited job is told in words, without the values of its environment', async () => {
    const spec = newSpec(mockJob({ task: 'env {\n PASSWORD = "geheim"\n }' }));
    await start(spec);
    const job = await client.job(backendName(spec.mark.space));
    const text = JSON.stringify(job).replace('"CPU":10', '"CPU":33').replace('geheim', 'verraten');
    await client.request('PUT', '/v1/jobs', { Job: JSON.parse(text) });
    const { drift } = await untilPresent(spec, 'drifted', (seen) => seen.drift !== null);
    expect(drift).toContain('task web: Resources.CPU is 33, should be 10');
    expect(drift).toContain('Env[PASSWORD] was changed');
    expect(drift).not.toMatch(/geheim|verraten/);
  });

  it('a job that lost its mark is somebody else’s', async () => {
    const spec = newSpec();
    await start(spec);
    const job = await client.job(backendName(spec.mark.space));
    await client.request('PUT', '/v1/jobs', { Job: { ...job, Meta: { ...job?.Meta, knot_location: 'there' } } });
    expect((await look(spec)).state).toBe('foreign');
    await driver.remove(spec.mark, signal());
    expect((await client.job(backendName(spec.mark.space)))?.Stop).toBe(false);
  });

  it('a killed process is put back by Nomad, and the timeline tells it', async () => {
    const job = mockJob({ group: 'restart {\n delay = "1s"\n attempts = 5\n interval = "1m"\n }' })
      .replace('"mock_driver"', '"raw_exec"')
      .replace('run_for = "1h"', 'command = "/bin/sleep"\nargs = ["3600"]');
    const spec = newSpec(job, { policy: { ...POLICY, exceptions: ['driver:raw_exec'] } });
    const { instance } = await start(spec);
    await client.killTask(instance, 'web');
    const broken = await untilPresent(spec, 'unhealthy', ({ health }) => health === 'unhealthy');
    expect(broken).toMatchObject({ exitCode: 137, trouble: { reason: 'Exited' } });
    await untilPresent(spec, 'healthy again', ({ health }) => health === 'healthy');
    const events = await driver.events(spec.mark, signal());
    expect(events.map(({ message }) => message)).toContain('web: ended with code 137.');
  });
});

describe('a job that does not come up says why', () => {
  it.each([
    [
      'a constraint',
      mockJob({ group: 'constraint {\n attribute = "${attr.kernel.name}"\n value = "plan9"\n }' }),
      'plan9',
    ],
    ['memory', mockJob().replace('memory = 10', 'memory = 99999999'), 'memory (99999999 MB asked for)'],
    ['a driver', mockJob({ config: 'image = "x"' }).replace('"mock_driver"', '"docker"'), 'task driver'],
    ['a data centre', mockJob().replace('"dc1"', '"moon"'), 'data centres'],
  ])('no node for want of %s', async (_what, job, words) => {
    const spec = newSpec(job, { policy: { ...POLICY, drivers: ['mock_driver', 'docker'] } });
    await driver.apply(spec, '', signal());
    const seen = await untilPresent(spec, 'told', ({ trouble }) => trouble !== null);
    expect(seen).toMatchObject({ health: 'pending', instance: '', trouble: { reason: 'NotPlaceable' } });
    expect(seen.trouble?.message).toContain(words);
    const events = await driver.events(spec.mark, signal());
    expect(events.map(({ reason }) => reason)).toEqual(['NotPlaceable']);
  });

  it('a driver that cannot start it', async () => {
    const spec = newSpec(mockJob({ config: 'start_error = "out of luck"' }));
    await driver.apply(spec, '', signal());
    const seen = await untilPresent(spec, 'told', ({ trouble }) => trouble !== null);
    expect(seen).toMatchObject({ health: 'unhealthy', trouble: { reason: 'DriverFailed' } });
    expect(seen.trouble?.message).toContain('out of luck');
  });

  it('a service that exits with code 3, which Nomad tries again', async () => {
    const spec = newSpec(mockJob({ config: 'run_for = "100ms"\nexit_code = 3' }));
    await driver.apply(spec, '', signal());
    const seen = await untilPresent(spec, 'told', ({ health }) => health === 'unhealthy');
    expect(seen).toMatchObject({ exitCode: 3, trouble: { reason: 'Exited' } });
  });

  it('a service that exits and is not tried again has ended, and an apply starts it anew', async () => {
    const spec = newSpec(mockJob({ config: 'run_for = "100ms"\nexit_code = 4', group: NEVER_AGAIN }));
    await driver.apply(spec, '', signal());
    const ended = await untilPresent(spec, 'ended', ({ health }) => health === 'ended');
    expect(ended.exitCode).toBe(4);
    await driver.apply(spec, ended.revision, signal());
    expect(ended.instance).not.toBe('');
    await untilPresent(
      spec,
      'ended again',
      ({ health, instance }) => health === 'ended' && instance !== '' && instance !== ended.instance,
    );
  });

  it('a start that takes long is starting, not healthy', async () => {
    const spec = newSpec(mockJob({ config: 'start_block_for = "3s"\nrun_for = "1h"' }));
    await driver.apply(spec, '', signal());
    await untilPresent(spec, 'starting', ({ health }) => health === 'starting');
    await untilPresent(spec, 'healthy', ({ health }) => health === 'healthy');
  });
});

describe('volumes', () => {
  it('of a name that somebody else has are refused and left alone', async () => {
    const spec = newSpec(WITH_VOLUMES, { volumes: 'volumes:\n  - id: home\n    type: host' });
    const { ID } = await client.createHostVolume(`knot-${spec.mark.space}-home`);
    const refs = await driver.volumesOf(spec, signal());
    expect(await refusal(driver.createVolumes(spec, refs, signal()))).toMatchObject({ code: 'backend.foreign' });
    const { volumes } = await driver.observe({ mark: spec.mark, volumes: refs, spec, verified: '' }, signal());
    expect(volumes.map(({ state }) => state)).toEqual(['missing']);
    await driver.destroyVolumes(spec.mark, refs, signal());
    expect((await client.hostVolumes()).map((volume) => volume.ID)).toContain(ID);
  });

  it('made before a crash that kept their id from being written down are found again', async () => {
    const spec = newSpec(WITH_VOLUMES, { volumes: 'volumes:\n  - id: home\n    type: host' });
    const name = `knot-${spec.mark.space}-home`;
    const entry = { kind: 'host', id: '', name: 'home', owner: 'ann', space: 'a space', at: 1 };
    await client.request('PUT', `/v1/var/knot/${scope.installation}/here/volumes/${spec.mark.space}`, {
      Items: { [name]: JSON.stringify(entry) },
    });
    await client.createHostVolume(name);
    const refs = await driver.volumesOf(spec, signal());
    const { volumes } = await driver.observe({ mark: spec.mark, volumes: refs, spec, verified: '' }, signal());
    expect(volumes[0]?.state).not.toBe('missing');
    await driver.createVolumes(spec, refs, signal());
    expect((await client.hostVolumes()).filter((volume) => volume.Name === name)).toHaveLength(1);
    await driver.destroyVolumes(spec.mark, refs, signal());
    expect((await client.hostVolumes()).filter((volume) => volume.Name === name)).toEqual([]);
  });

  it('of a CSI plugin that is not there say so', async () => {
    const spec = newSpec(mockJob(), { volumes: 'volumes:\n  - id: home\n    plugin_id: nfs' });
    const refs = await driver.volumesOf(spec, signal());
    const error = await refusal(driver.createVolumes(spec, refs, signal()));
    expect(error.code).toBe('backend.unavailable');
    expect(error.message).toContain('no CSI plugin named: nfs');
  });

  it('leave no variable behind once they are destroyed', async () => {
    const spec = newSpec(WITH_VOLUMES);
    const withVolumes = { ...spec, volumes: VOLUMES.replaceAll('{{space}}', spec.mark.space) };
    const refs = await driver.volumesOf(withVolumes, signal());
    await driver.createVolumes(withVolumes, refs, signal());
    await driver.destroyVolumes(spec.mark, refs, signal());
    const variables = await client.request<{ Path: string }[]>('GET', '/v1/vars?prefix=knot');
    expect(variables.filter(({ Path }) => Path.includes(spec.mark.space))).toEqual([]);
  });
});

describe('Nomad refuses or is away', () => {
  it('a token that Nomad does not know is told, and never shown', async () => {
    const token = randomUUID();
    const wrong = driverFor(client, scope, { token: { reveal: () => token } });
    const error = await refusal(wrong.apply(newSpec(), '', signal()));
    expect(error).toMatchObject({ code: 'backend.forbidden', details: { status: 403 } });
    expect(error.hint).toContain('server.nomad.token');
    const health = await wrong.health(signal());
    expect(health).toMatchObject({ ready: false, trouble: { reason: 'BackendForbidden' } });
    expect(JSON.stringify([error.message, error.hint, error.details, health])).not.toContain(token);
  });

  it('the documented rights are enough for everything', async () => {
    const { namespace } = client.access;
    const jobs = '"list-jobs","parse-job","read-job","submit-job","read-logs","read-fs"';
    const volumes = '"host-volume-read","host-volume-write","csi-list-volume"';
    const variables = 'variables {\n path "knot/*" { capabilities = ["read","write","list","destroy"] }\n }';
    const rules = `namespace "${namespace}" {\n capabilities = [${jobs},${volumes}]\n ${variables}\n}`;
    const name = `knot-${namespace}`;
    await client.request('PUT', `/v1/acl/policy/${name}`, { Name: name, Rules: rules });
    const made = await client.request<{ SecretID: string }>('PUT', '/v1/acl/token', {
      Type: 'client',
      Policies: [name],
    });
    const limited = driverFor(client, scope, { token: { reveal: () => made.SecretID } });
    expect(await limited.health(signal())).toMatchObject({ ready: true, version: 'unknown' });
    const spec = newSpec(mockJob(), { volumes: 'volumes:\n  - id: home\n    type: host' });
    const refs = await limited.volumesOf(spec, signal());
    await limited.createVolumes(spec, refs, signal());
    await limited.validate(spec, signal());
    await limited.apply(spec, '', signal());
    await limited.observe({ mark: spec.mark, volumes: refs, spec, verified: '' }, signal());
    expect(await limited.list(signal())).toHaveLength(2);
    const claim = { holder: 'a', term: 1, ttlMs: 1_000 };
    expect((await limited.lock().hold(claim, signal())).state).toBe('held');
    await limited.logs(spec.mark, 5, signal());
    await limited.remove(spec.mark, signal());
    await limited.destroyVolumes(spec.mark, refs, signal());
  });

  it('a Nomad that is not there is told by its address', async () => {
    const away = driverFor(client, scope, { addr: 'http://127.0.0.1:9' });
    const error = await refusal(away.apply(newSpec(), '', signal()));
    expect(error.code).toBe('backend.unavailable');
    expect(error.message).toContain('127.0.0.1:9');
    expect(await away.health(signal())).toMatchObject({ ready: false, trouble: { reason: 'BackendUnavailable' } });
    expect((await away.lock().hold({ holder: 'a', term: 1, ttlMs: 1_000 }, signal())).state).toBe('unavailable');
  });

  it.each([
    [404, '404 page not found'],
    [404, '<html><h1>404 Not Found</h1></html>'],
    [200, '<html>hello</html>'],
    [502, 'bad gateway'],
  ])('a %i of something else in its place is no absence', async (status, text) => {
    const addr = await standIn((_request, response) => response.writeHead(status).end(text));
    const wrong = driverFor(client, scope, { addr });
    const spec = newSpec();
    const request = { mark: spec.mark, volumes: [], spec, verified: '' };
    expect((await refusal(wrong.observe(request, signal()))).code).toBe('backend.unavailable');
    expect((await refusal(wrong.list(signal()))).code).toBe('backend.unavailable');
    expect((await refusal(wrong.remove(spec.mark, signal()))).code).toBe('backend.unavailable');
  });

  it('a Nomad that does not answer is given up after the deadline', async () => {
    const addr = await standIn(() => undefined);
    const silent = driverFor(client, scope, { addr, callMs: 200 });
    const error = await refusal(silent.list(signal()));
    expect(error).toMatchObject({ code: 'backend.unavailable' });
    expect(error.message).toContain('200 ms');
  });

  it('a throttling Nomad says when to come again', async () => {
    const addr = await standIn((_request, response) =>
      response.writeHead(429, { 'retry-after': '7' }).end('slow down'),
    );
    const busy = driverFor(client, scope, { addr });
    const error = await refusal(busy.list(signal()));
    expect(error).toMatchObject({ code: 'backend.unavailable', details: { status: 429, retryAfterMs: 7_000 } });
  });
});

describe('the event stream', () => {
  it('is cut and joined again when it is silent for too long', async () => {
    const impatient = driverFor(client, scope, { silenceMs: 300 });
    const ending = new AbortController();
    const hints: (string | null)[] = [];
    const ended = impatient.watch((space) => hints.push(space), ending.signal);
    await eventually(
      () => hints.filter((space) => space === null).length,
      (count) => count >= 3,
      { timeout: 10_000, what: 'joined three times' },
    );
    ending.abort();
    await ended;
  });

  it('hints when a volume has become ready', async () => {
    const spec = newSpec(mockJob(), { volumes: 'volumes:\n  - id: home\n    type: host' });
    const refs = await driver.volumesOf(spec, signal());
    const observe = () => driver.observe({ mark: spec.mark, volumes: refs, spec, verified: '' }, signal());
    await driver.createVolumes(spec, refs, signal());
    const ending = new AbortController();
    let hinted = 0;
    const ended = driver.watch((space) => (hinted += space === spec.mark.space ? 1 : 0), ending.signal);
    await eventually(observe, ({ volumes }) => volumes[0]?.state === 'ready', { timeout: 20_000, what: 'ready' });
    await eventually(() => hinted, Boolean, { timeout: 2_000, what: 'hinted' });
    ending.abort();
    await ended;
    await driver.destroyVolumes(spec.mark, refs, signal());
  });
});
