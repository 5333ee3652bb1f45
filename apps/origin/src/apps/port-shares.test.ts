import type { PortShare } from '@knot/domain';
import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PASSWORD, TestOrigin, type Answer, type Ask } from '../testing/test-origin.js';

const HOST = 'bob--work--8080.apps.test';
/** What a template only names is shared as its location says. */
const NAMED = { port: 8080, label: 'Shop', protocol: 'http' };

let test: TestOrigin;
let admin: Ask;
/** The owner, somebody in a group with them, and somebody in none. */
let [bob, eve, tim]: Ask[] = [];
let space: string;

beforeAll(async () => {
  test = await TestOrigin.open({ KNOT_WILDCARD_DOMAIN: '*.apps.test' });
  admin = await test.admin();
  await test.liveLocation();
  const group = await ok(admin('POST', '/api/v1/groups', { body: { name: 'g' } }));
  bob = await user('bob', [group.id]);
  eve = await user('eve', [group.id]);
  tim = await user('tim', []);
  const template = { name: 't', platform: 'nomad', job: 'job "x" {}', ports: [NAMED, { port: 9090, share: 'users' }] };
  const { id: templateId } = await ok(admin('POST', '/api/v1/templates', { body: template }));
  ({ id: space } = await ok(ask(bob)('POST', '/api/v1/spaces', { body: { name: 'work', templateId } })));
  await ok(ask(bob)('POST', `/api/v1/spaces/${space}/start`));
  await offers(8080, 9090);
}, 60_000);

afterAll(() => test.close());

function ask(who: Ask | undefined): Ask {
  if (!who) throw new Error('nobody');
  return who;
}

async function ok(asked: Promise<Answer>): Promise<Answer['body']> {
  const { status, body } = await asked;
  if (status >= 300) throw new Error(`${status} ${JSON.stringify(body)}`);
  return body;
}

async function user(username: string, groups: readonly string[]): Promise<Ask> {
  const body = { username, email: `${username}@x.y`, password: PASSWORD, groups };
  await ok(admin('POST', '/api/v1/users', { body }));
  return test.signIn(username);
}

/** As if an agent had told of them. */
async function offers(...ports: readonly number[]): Promise<void> {
  const { store } = test.origin;
  const observed = {
    ...{ id: space, observedGeneration: 2, conditions: [], workload: 'healthy' as const, instance: '', exitCode: null },
    ...{ volumes: [], phases: [], events: [], appliedHash: '', restartsSatisfied: 0, finalized: false, observedAt: 0 },
    ports: ports.map((port) => ({ port, label: '', protocol: 'http' as const })),
  };
  const row = { id: space, location: 'home', term: 1, observedGeneration: 2, observed, reportedAt: 0, sequence: 1 };
  await store.commit({ expect: [], writes: [{ put: 'spaceObserved', row }] });
}

function share(port: number, level: PortShare | undefined, who = bob): Promise<Answer> {
  const body = level === undefined ? {} : { share: level };
  return ask(who)('PUT', `/api/v1/spaces/${space}/port-shares/${port}`, { body });
}

/** Who is given a way to the app's host. */
async function opened(port = 8080): Promise<readonly string[]> {
  const path = `/apps/open?host=bob--work--${port}.apps.test&path=/`;
  const people = { bob: ask(bob), eve: ask(eve), tim: ask(tim) };
  const answers = await Promise.all(
    Object.entries(people).map(async ([name, who]) => ({ name, status: (await who('GET', path)).status })),
  );
  return answers.filter(({ status }) => status === 200).map(({ name }) => name);
}

/** What somebody gets at the app's host who is signed in nowhere; the leaf is away. */
function asNobody(host = HOST): Promise<number> {
  const { hostname, port } = new URL(test.url);
  return new Promise((resolve, reject) => {
    const sent = request({ host: hostname, port, headers: { host, accept: 'text/html' } }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    sent.on('error', reject);
    sent.end();
  });
}

describe('a web port', () => {
  it('is for those alone who may enter its space, until its owner says otherwise', async () => {
    expect(await opened()).toEqual(['bob']);
    expect((await share(8080, 'group')).status).toBe(200);
    expect(await opened()).toEqual(['bob', 'eve']);
    expect((await share(8080, 'users')).status).toBe(200);
    expect(await opened()).toEqual(['bob', 'eve', 'tim']);
    expect(await asNobody()).toBe(303);
    await ok(share(8080, undefined));
    expect(await opened()).toEqual(['bob']);
  });

  it("is for whom its template names, as long as its owner doesn't", async () => {
    const { ports } = await ok(ask(bob)('GET', `/api/v1/spaces/${space}`));
    expect(ports).toMatchObject([
      { port: 8080, share: 'owner', sharedBy: 'location' },
      { port: 9090, share: 'users', sharedBy: 'template' },
    ]);
    expect(await opened(9090)).toEqual(['bob', 'eve', 'tim']);
    await ok(share(9090, 'owner'));
    expect(await opened(9090)).toEqual(['bob']);
  });

  it('is public only where the location allows it, and no more once it does not', async () => {
    expect(await share(8080, 'public')).toMatchObject({ status: 403, body: { code: 'access.denied' } });
    const policy = (ports: object) =>
      admin('PUT', '/api/v1/locations/home/policy', { body: { drivers: [], hostVolumes: [], ports } });
    expect((await policy({ share: 'public', public: false })).status).toBe(400);
    await ok(policy({ share: 'owner', public: true }));
    await ok(share(8080, 'public'));
    // the leaf is away, which only those are told who may open it
    expect(await asNobody()).toBe(503);
    expect(await asNobody('bob--work--9090.apps.test')).toBe(303);
    await ok(policy({ share: 'owner', public: false }));
    expect(await asNobody()).toBe(303);
    expect(await opened()).toEqual(['bob', 'eve', 'tim']);
  });

  it('is shared by the owner alone, and each change is in the audit', async () => {
    expect((await share(8080, 'users', eve)).status).toBe(404);
    expect((await share(0, 'users')).status).toBe(400);
    expect((await share(70_000, 'users')).status).toBe(400);
    await ok(share(8080, 'owner'));
    await ok(share(8080, 'group'));
    const { items } = await ok(admin('GET', `/api/v1/audit?subject=${space}&limit=1`));
    expect(items).toMatchObject([
      {
        ...{ action: 'space.share-port', actor: 'bob' },
        details: { name: 'work', port: 8080, share: { before: 'owner', after: 'group' } },
      },
    ]);
  });

  it("is shared with nobody on the leaf's own machine", async () => {
    const { id: templateId } = await ok(
      admin('POST', '/api/v1/templates', { body: { name: 'l', platform: 'local', job: 'command: sleep 9' } }),
    );
    const { id } = await ok(admin('POST', '/api/v1/spaces', { body: { name: 'own', templateId } }));
    const answer = await admin('PUT', `/api/v1/spaces/${id}/port-shares/80`, { body: { share: 'users' } });
    expect(answer).toMatchObject({ status: 403, body: { code: 'access.denied' } });
  });
});
