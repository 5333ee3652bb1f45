import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { TestOrigin, type Ask } from '../testing/test-origin.js';

type Json = ReturnType<typeof JSON.parse>;

interface Received {
  readonly event: string;
  readonly id: string;
  readonly data: Json;
}

/** Reads a stream of server-sent events as a browser does. */
class Reader {
  readonly received: Received[] = [];
  lastId = '';
  ended = false;
  private readonly abort = new AbortController();
  private reading: Promise<void> = Promise.resolve();

  async open(url: string, headers: Record<string, string>): Promise<number> {
    const answer = await fetch(`${url}/api/v1/events`, { headers, signal: this.abort.signal });
    this.reading = this.read(answer);
    return answer.status;
  }

  private async read(answer: Response): Promise<void> {
    let text = '';
    try {
      for await (const chunk of answer.body?.pipeThrough(new TextDecoderStream()) ?? []) {
        text += chunk;
        const parts = text.split('\n\n');
        text = parts.pop() ?? '';
        for (const part of parts) this.take(part);
      }
    } catch {
      // closed by us
    }
    this.ended = true;
  }

  private take(part: string): void {
    const field = (name: string) =>
      part
        .split('\n')
        .find((line) => line.startsWith(`${name}: `))
        ?.slice(name.length + 2);
    this.lastId = field('id') ?? this.lastId;
    const data = field('data');
    if (data !== undefined)
      this.received.push({ event: field('event') ?? '', id: this.lastId, data: JSON.parse(data) });
  }

  changes(kind: string): Json[] {
    return this.received.filter(({ event, data }) => event === 'change' && data.kind === kind).map(({ data }) => data);
  }

  async close(): Promise<void> {
    this.abort.abort();
    await this.reading;
  }
}

let test: TestOrigin;
let admin: Ask;
let adminHeaders: Record<string, string>;
const readers: Reader[] = [];

async function headersOf(username: string, password: string): Promise<Record<string, string>> {
  const { headers } = await test.ask('POST', '/api/v1/auth/login', { body: { username, password } });
  return { cookie: headers.get('set-cookie')?.split(';')[0] ?? '' };
}

async function follow(headers: Record<string, string>): Promise<Reader> {
  const reader = new Reader();
  readers.push(reader);
  expect(await reader.open(test.url, headers)).toBe(200);
  await vi.waitFor(() => expect(reader.received.length).toBeGreaterThan(0));
  return reader;
}

const soon = (check: () => void) => vi.waitFor(check, { timeout: 8_000, interval: 20 });

async function space(ask: Ask, templateId: string, name: string): Promise<string> {
  return (await ask('POST', '/api/v1/spaces', { body: { name, templateId } })).body.id;
}

beforeEach(async () => {
  test = await TestOrigin.open();
  admin = await test.admin();
  adminHeaders = await headersOf('ann', 'correct horse battery');
  await test.liveLocation();
});

afterEach(async () => {
  await Promise.all(readers.splice(0).map((reader) => reader.close()));
  await test.close();
});

async function template(): Promise<string> {
  return (await admin('POST', '/api/v1/templates', { body: { name: 't', platform: 'nomad', job: 'job "x" {}' } })).body
    .id;
}

describe('the event stream', () => {
  it('brings each change with the object as it is, and the end of an object', async () => {
    const reader = await follow(adminHeaders);
    const templateId = await template();
    const id = await space(admin, templateId, 'dev');
    await soon(() =>
      expect(reader.changes('space')).toMatchObject([{ id, op: 'put', object: { name: 'dev', phase: 'Stopped' } }]),
    );
    await admin('POST', `/api/v1/spaces/${id}/start`);
    await soon(() => expect(reader.changes('space').at(-1).object).toMatchObject({ phase: 'Queued', generation: 2 }));
    const other = await space(admin, templateId, 'gone');
    await admin('DELETE', `/api/v1/spaces/${other}?confirm=gone`);
    await soon(() => expect(reader.changes('space').at(-1)).toEqual({ kind: 'space', id: other, op: 'delete' }));
    expect(reader.changes('template').length).toBeGreaterThan(0);
  });

  it('shows a user their own spaces and no administration', async () => {
    const password = 'a long enough one';
    await admin('POST', '/api/v1/users', { body: { username: 'bob', email: 'b@x.y', password } });
    const reader = await follow(await headersOf('bob', password));
    const templateId = await template();
    await admin('POST', '/api/v1/variables', { body: { name: 'aa', value: 'x' } });
    await space(admin, templateId, 'hers');
    await space(await test.signIn('bob', password), templateId, 'his');
    await soon(() => expect(reader.changes('space')).toMatchObject([{ object: { name: 'his' } }]));
    expect(reader.changes('variable')).toEqual([]);
    expect(reader.changes('user')).toEqual([]);
  });

  it('tells both sides of an offer, and whoever has lost a space that it is gone', async () => {
    const password = 'a long enough one';
    await admin('POST', '/api/v1/users', { body: { username: 'bob', email: 'b@x.y', password } });
    const bob = await test.signIn('bob', password);
    const [hers, his] = [await follow(adminHeaders), await follow(await headersOf('bob', password))];
    const id = await space(admin, await template(), 'plan');
    const { body } = await admin('POST', `/api/v1/spaces/${id}/share`, { body: { user: 'bob' } });
    await soon(() => expect(his.changes('offer')).toMatchObject([{ op: 'put', object: { state: 'open' } }]));
    await bob('POST', `/api/v1/offers/${body.id}/accept`);
    await soon(() => expect(hers.changes('offer').at(-1)).toMatchObject({ object: { state: 'accepted' } }));
    await soon(() => expect(his.changes('space').at(-1)).toMatchObject({ op: 'put', object: { name: 'plan' } }));
    await admin('DELETE', `/api/v1/offers/${body.id}`);
    await soon(() => expect(his.changes('space').at(-1)).toEqual({ kind: 'space', id, op: 'delete' }));
    await soon(() => expect(his.changes('offer').at(-1)).toEqual({ kind: 'offer', id: body.id, op: 'delete' }));
    expect(hers.changes('space').at(-1)).toMatchObject({ op: 'put', object: { sharedWith: [] } });
  });

  it('goes on where a reader left off, and says when it cannot', async () => {
    const reader = await follow(adminHeaders);
    const templateId = await template();
    await space(admin, templateId, 'one');
    await soon(() => expect(reader.changes('space')).toHaveLength(1));
    await reader.close();
    const id = await space(admin, templateId, 'two');
    const again = await follow({ ...adminHeaders, 'last-event-id': reader.lastId });
    await soon(() => expect(again.changes('space')).toMatchObject([{ id }]));
    expect(again.received.some(({ event }) => event === 'relist')).toBe(false);

    await test.origin.store.newEpoch();
    const lost = await follow({ ...adminHeaders, 'last-event-id': again.lastId });
    await soon(() => expect(lost.received.some(({ event }) => event === 'relist')).toBe(true));
    const strange = await follow({ ...adminHeaders, 'last-event-id': 'something else' });
    await soon(() => expect(strange.received[0]?.event).toBe('relist'));
  });

  it('says that a location fell silent, though no row was written', async () => {
    const reader = await follow(adminHeaders);
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    test.pass(60_000);
    await soon(() => expect(reader.changes('location').at(-1)?.object).toMatchObject({ name: 'home', live: false }));
    expect(reader.received.some(({ event, data }) => event === 'refresh' && data.kind === 'space')).toBe(true);
  });

  it('ends with the session', async () => {
    const reader = await follow(adminHeaders);
    await test.as(adminHeaders)('POST', '/api/v1/auth/logout');
    await vi.waitFor(() => expect(reader.ended).toBe(true), { timeout: 10_000 });
  });

  it('is for those who are signed in, and ends when the server closes', async () => {
    expect(await new Reader().open(test.url, {})).toBe(401);
    const reader = await follow(adminHeaders);
    await test.origin.close();
    await vi.waitFor(() => expect(reader.ended).toBe(true));
    await test.start();
  });
});

describe('a reader whose session or token ends', () => {
  const adminCalls = async (method: string, path: string) => (await admin(method, path)).body;

  it('is sent away, others are not', async () => {
    const [leaving, staying] = [
      await follow(await headersOf('ann', 'correct horse battery')),
      await follow(adminHeaders),
    ];
    const sessions = await adminCalls('GET', '/api/v1/sessions');
    const [newest] = sessions.items;
    await adminCalls('DELETE', `/api/v1/sessions/${newest.id}`);
    await vi.waitFor(() => expect(leaving.ended).toBe(true), { timeout: 10_000 });
    expect(staying.ended).toBe(false);
  });

  it('is sent away by the end of its token', async () => {
    const made = await admin('POST', '/api/v1/tokens', { body: { name: 'script', scopes: ['read'] } });
    const reader = await follow({ authorization: `Bearer ${made.body.token}` });
    await adminCalls('DELETE', `/api/v1/tokens/${made.body.id}`);
    await vi.waitFor(() => expect(reader.ended).toBe(true), { timeout: 10_000 });
  });
});

describe('a reader whose role changes', () => {
  it('is told so, and hears nothing more of what it may not see', async () => {
    const role = await admin('POST', '/api/v1/roles', { body: { name: 'Desk', permissions: ['users.see'] } });
    const bob = { username: 'bob', email: 'b@x.y', password: 'a long enough one', roles: ['user', role.body.id] };
    await admin('POST', '/api/v1/users', { body: bob });
    const reader = await follow(await headersOf('bob', 'a long enough one'));
    await admin('POST', '/api/v1/users', { body: { username: 'cy', email: 'c@x.y', password: 'a long enough one' } });
    await vi.waitFor(() => expect(reader.changes('user').map(({ object }) => object.username)).toContain('cy'));
    await admin('PATCH', `/api/v1/roles/${role.body.id}`, { body: { permissions: [] } });
    await admin('POST', '/api/v1/users', { body: { username: 'dee', email: 'd@x.y', password: 'a long enough one' } });
    const refreshes = () => reader.received.filter(({ event, data }) => event === 'refresh' && data.kind === 'me');
    await vi.waitFor(() => expect(refreshes()).toHaveLength(1), { timeout: 10_000 });
    await admin('PATCH', '/api/v1/roles/user', { body: {} });
    expect(JSON.stringify(reader.received)).not.toContain('dee');
  });
});
