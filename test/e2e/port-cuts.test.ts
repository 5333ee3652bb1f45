import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { APP_AND_AGENT } from '../tools/app-space.js';
import { AppVisitor, type OpenStream } from '../tools/app-visitor.js';
import { ApiClient, type Space } from '../tools/api-client.js';
import { ADMINISTRATOR, locationReady, signIn, startLeaf, startOrigin, type Origin } from '../tools/cluster.js';
import { eventually } from '../tools/eventually.js';
import { freePort } from '../tools/ports.js';
import { sharedNomad } from '../tools/shared-nomad.js';
import { startTcpProxy, type TcpProxy } from '../tools/tcp-proxy.js';

const SOON = { timeout: 60_000, interval: 50 };

const shared = await sharedNomad();
let origin: Origin;
/** Between leaf and origin. */
let wire: TcpProxy;
let space: Space;
let port: number;
/** The same app, by the origin and straight at the leaf. */
let [byOrigin, byLeaf] = ['', ''];
let bob: { readonly id: string; readonly api: ApiClient };
let visitor: AppVisitor;

beforeAll(async () => {
  const nomad = await shared.freshNamespace();
  origin = await startOrigin({ config: { 'server.wildcard_domain': '*.knot-apps.test' } });
  wire = await startTcpProxy(origin.url);
  const listen = await freePort();
  const config = {
    'server.listen_agent': `127.0.0.1:${await freePort()}`,
    'server.direct_url': `http://127.0.0.1:${listen}`,
    'server.wildcard_domain': '*.lon.knot-apps.test',
  };
  await startLeaf({ url: wire.url }, { location: 'lon', nomad: nomad.access, config, listen });
  await locationReady(origin, 'lon', 'nomad');
  port = await freePort();
  const exceptions = ['driver:raw_exec'];
  const template = await origin.api.createTemplate({ name: 'shop', platform: 'nomad', job: shopJob(port), exceptions });
  const { id } = await origin.api.createSpace('work', template.id, 'lon');
  await origin.api.wish(id, 'start');
  space = await offered(id);
  const shop = space.ports[0];
  [byOrigin, byLeaf] = [shop?.address ?? '', shop?.directAddress ?? ''];
  const person = { username: 'bob', email: 'bob@example.com', password: ADMINISTRATOR.password };
  const { id: bobId } = await origin.api.request<{ id: string }>('POST', '/users', person);
  bob = { id: bobId, api: new ApiClient(origin.url, await signIn(origin.url, 'bob', ADMINISTRATOR.password)) };
  visitor = await AppVisitor.signIn(origin.url, 'bob');
}, 240_000);

function shopJob(appPort: number): string {
  return `
job "shop" {
  datacenters = ["dc1"]
  type        = "service"
  group "main" {
    update {
      min_healthy_time = "0s"
    }
    task "main" {
      driver = "raw_exec"
      config {
        command = "/bin/sh"
        args    = ["-c", "${APP_AND_AGENT} --code-server-port 0"]
      }
      env {
        PORT             = "${appPort}"
        KNOT_HTTP_PORT   = "${appPort}=Shop"
        KNOT_SYSLOG_PORT = "0"
        KNOT_LOGS_PORT   = "0"
      }
      logs {
        disabled = true
      }
      resources {
        cpu    = 20
        memory = 256
      }
    }
  }
}
`;
}

function offered(id: string): Promise<Space> {
  return eventually(
    () => origin.api.space(id),
    ({ ports }) => ports.length > 0,
    { ...SOON, timeout: 120_000, what: 'the port of the app' },
  );
}

function share(level: string | null): Promise<unknown> {
  const body = level === null ? {} : { share: level };
  return origin.api.request('PUT', `/spaces/${space.id}/port-shares/${port}`, body);
}

function policy(ports: { share: string; public: boolean }): Promise<unknown> {
  return origin.api.request('PUT', '/locations/lon/policy', { drivers: [], hostVolumes: [], ports });
}

/** All that somebody has open, at both doors, once they may. */
async function open(who: AppVisitor, signsIn = true): Promise<OpenStream[]> {
  const opened: OpenStream[] = [];
  for (const address of [byOrigin, byLeaf]) {
    if (signsIn) await mayEnter(who, address);
    else
      await eventually(
        async () => (await who.get(address)).status,
        (status) => status === 200,
        { ...SOON, what: address },
      );
    opened.push(...(await who.openAll(address)));
  }
  return opened;
}

/** A leaf hears of a change a moment after the origin has said yes. */
async function mayEnter(who: AppVisitor, address: string): Promise<void> {
  await who.enter(address);
  const status = async () => (await who.get(address)).status;
  await eventually(status, (seen) => seen === 200, { ...SOON, what: `${address} to let in` });
}

/** Until all of it has ended; how long that took after the origin's answer is printed. */
async function cutAfter(what: string, opened: readonly OpenStream[], deed: () => Promise<unknown>): Promise<void> {
  await deed();
  const done = Date.now();
  try {
    const ends = await eventually(
      () => opened.map((one) => one.endedAt()),
      (all) => all.every((at) => at > 0),
      { ...SOON, what: `all to be cut once it ${what}` },
    );
    console.log(`${what}: cut ${ends.map((at) => Math.max(0, at - done)).join(', ')} ms after the answer`);
  } finally {
    opened.forEach((one) => one.end());
  }
}

/** Whether it goes on while nothing was done. */
async function goesOn(opened: readonly OpenStream[]): Promise<void> {
  const before = opened.map((one) => one.taken());
  await eventually(() => opened.every((one, index) => one.taken() > (before[index] ?? 0)), Boolean, {
    ...SOON,
    what: 'all to go on',
  });
  expect(opened.map((one) => one.endedAt())).toEqual(opened.map(() => 0));
}

describe('what somebody has open at an app of another, by the origin and at the leaf', () => {
  it('is cut when the port is shared with fewer', async () => {
    await share('users');
    const opened = await open(visitor);
    await goesOn(opened);
    await cutAfter('is shared with fewer', opened, () => share('group'));
    expect((await visitor.get(byOrigin)).status).toBe(404);
    expect([401, 403, 404]).toContain((await visitor.get(byLeaf)).status);
    expect(await visitor.ticket(byLeaf)).toBeNull();
    await share(null);
  });

  it('is cut when the location lowers the level of what nobody says anything of', async () => {
    await policy({ share: 'users', public: false });
    const opened = await open(visitor);
    await cutAfter('is lowered by the location', opened, () => policy({ share: 'owner', public: false }));
  });

  it('is cut when the location allows nothing public any more, whoever had it', async () => {
    await policy({ share: 'owner', public: true });
    await share('public');
    const opened = await open(AppVisitor.nobody(origin.url), false);
    await cutAfter('is public no more', opened, () => policy({ share: 'owner', public: false }));
    await share(null);
  });

  it('is cut when the space is no longer shared with them', async () => {
    const body = { user: 'bob' };
    const { id: offer } = await origin.api.request<{ id: string }>('POST', `/spaces/${space.id}/share`, body);
    await bob.api.request('POST', `/offers/${offer}/accept`);
    const opened = await open(visitor);
    await cutAfter('ends to be shared', opened, () => origin.api.request('DELETE', `/offers/${offer}`));
  });

  it('is cut at a leaf that was parted, as soon as that is back', async () => {
    await share('users');
    await mayEnter(visitor, byLeaf);
    const opened = await visitor.openAll(byLeaf);
    wire.cut();
    await share(null);
    await sleep(1_000);
    await goesOn(opened);
    await cutAfter('is back', opened, async () => wire.pass());
  });

  it('is cut when they are deactivated', async () => {
    await share('users');
    const opened = await open(visitor);
    await cutAfter('is of somebody deactivated', opened, () =>
      origin.api.request('PATCH', `/users/${bob.id}`, { active: false }),
    );
    await origin.api.request('PATCH', `/users/${bob.id}`, { active: true });
  });

  it('is cut when the owner has given the space away', async () => {
    const ada = await AppVisitor.signIn(origin.url, 'ada');
    await share(null);
    const opened = await open(ada);
    const { id: offer } = await origin.api.request<{ id: string }>('POST', `/spaces/${space.id}/transfer`, {
      user: 'bob',
    });
    const api = new ApiClient(origin.url, await signIn(origin.url, 'bob', ADMINISTRATOR.password));
    await cutAfter('is given away', opened, () => api.request('POST', `/offers/${offer}/accept`));
    for (const address of [byOrigin, byLeaf]) expect((await ada.get(address)).status).toBeGreaterThanOrEqual(400);
  });
});
