import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:tls';
import { beforeAll, describe, expect, it } from 'vitest';
import { AGENT, environmentOf, startAgent } from '../tools/agent.js';
import type { Space } from '../tools/api-client.js';
import { locationReady, startLeaf, startOrigin, type Leaf, type Origin } from '../tools/cluster.js';
import { eventually } from '../tools/eventually.js';
import { freePort } from '../tools/ports.js';
import { freshFolder, runKnot } from '../tools/processes.js';

const SOON = { timeout: 60_000, interval: 200 };

let origin: Origin;
let leaf: Leaf;
let listenAgent: string;
let spacesFolder: string;
/** Whom the leaf turned away. */
const refused: string[] = [];

beforeAll(async () => {
  origin = await startOrigin();
  listenAgent = `127.0.0.1:${await freePort()}`;
  spacesFolder = freshFolder('spaces');
  leaf = await startLeaf(origin, { location: 'lon', local: true, config: leafConfig() });
  await locationReady(origin, 'lon', 'local');
});

function leafConfig(): Record<string, unknown> {
  return { 'server.local.path': spacesFolder, 'server.listen_agent': listenAgent };
}

async function startedSpace(name: string, job: string): Promise<Space> {
  const { api } = origin;
  const template = await api.createTemplate({ name, platform: 'local', job });
  const { id } = await api.createSpace(name, template.id, 'lon');
  await api.wish(id, 'start');
  return api.phase(id, 'Running');
}

function agentIs(id: string, ...reasons: string[]): Promise<Space> {
  return eventually(
    () => origin.api.space(id),
    ({ conditions }) => conditions.some((one) => one.type === 'AgentConnected' && reasons.includes(one.reason)),
    { ...SOON, what: `AgentConnected to be ${reasons.join(' or ')}` },
  );
}

/** What the leaf says to a first line until it hangs up. */
async function answerTo(line: string): Promise<string> {
  const socket = connect({ host: '127.0.0.1', port: Number(listenAgent.split(':')[1]), rejectUnauthorized: false });
  let said = '';
  socket.on('data', (chunk: Buffer) => (said += chunk.toString()));
  socket.write(line);
  await once(socket, 'close');
  return said;
}

describe('an agent', () => {
  it('joins from inside its space, and comes back by itself when the leaf was killed', async () => {
    const job = `command: ["${process.execPath}", "${AGENT}", "agent"]`;
    const { id } = await startedSpace('inside', job);
    await agentIs(id, 'AgentJoined');
    await leaf.process.kill();
    leaf = await leaf.restart();
    await agentIs(id, 'AgentJoined');
    await origin.api.wish(id, 'stop');
    await origin.api.phase(id, 'Stopped');
  });

  it('comes back to a leaf that replaces the old one with an empty disk', async () => {
    const space = await startedSpace('replaced', 'command: [sleep, "1000"]');
    const agent = await startAgent(environmentOf(space));
    await agentIs(space.id, 'AgentJoined');
    const { token } = await origin.api.request<{ token: string }>('POST', '/locations/lon/token');
    await leaf.process.terminate();
    const config = { ...leafConfig(), 'server.shared_token': token };
    leaf = await startLeaf(origin, { location: 'lon', local: true, config });
    await agent.waitForLine(/connection is lost/);
    const before = agent.output().length;
    await agent.waitForLine(/Joined/, { timeout: 60_000, from: before - 'Joined.\n'.length });
    await agentIs(space.id, 'AgentJoined');
    await agent.kill();
    // a leaf that has just begun may not yet have told that it was there
    await agentIs(space.id, 'AgentAway', 'NoAgent');
    await origin.api.wish(space.id, 'stop');
    await origin.api.phase(space.id, 'Stopped');
  });

  it('is refused while another one of its space answers, and takes its place once that one is frozen', async () => {
    const space = await startedSpace('twice', 'command: [sleep, "1000"]');
    const first = await startAgent(environmentOf(space));
    await first.waitForLine(/Joined/, { timeout: 60_000 });
    const second = await startAgent(environmentOf(space));
    await second.waitForLine(/Another agent of this space is connected/, { timeout: 60_000 });
    refused.push(`agent:${space.id}`);
    expect(second.output()).not.toMatch(/Joined/);
    first.signal('SIGSTOP');
    await second.waitForLine(/Joined/, { timeout: 60_000 });
    await first.kill();
    await second.kill();
    await origin.api.wish(space.id, 'stop');
    await origin.api.phase(space.id, 'Stopped');
  });

  it('is refused with the secret of another start, of another space or none, and cut when its space is stopped', async () => {
    const space = await startedSpace('secret', 'command: [sleep, "1000"]');
    const env = environmentOf(space);
    const good = await startAgent(env);
    await good.waitForLine(/Joined/, { timeout: 60_000 });
    const stranger = randomUUID();
    const wrong: Record<string, string>[] = [{ KNOT_JOIN_SECRET: 'knj_guessed' }, { KNOT_SPACEID: stranger }];
    const agents = await Promise.all(wrong.map((change) => startAgent({ ...env, ...change })));
    for (const agent of agents) await agent.waitForLine(/No space of this id should run here/, { timeout: 60_000 });
    refused.push(`agent:${space.id}`, `agent:${stranger}`);

    await origin.api.wish(space.id, 'stop');
    await good.waitForLine(/connection is lost/, { timeout: 60_000 });
    await origin.api.phase(space.id, 'Stopped');
    await origin.api.wish(space.id, 'start');
    const again = await origin.api.phase(space.id, 'Running');
    expect(environmentOf(again)['KNOT_JOIN_SECRET']).not.toBe(env['KNOT_JOIN_SECRET']);
    await good.waitForLine(/No space of this id should run here/, { timeout: 60_000 });
    await Promise.all([...agents, good].map((agent) => agent.kill()));
    for (const text of [leaf.process.output(), origin.process.output()]) {
      expect(text).not.toContain(env['KNOT_JOIN_SECRET']);
    }
    await origin.api.wish(space.id, 'stop');
    await origin.api.phase(space.id, 'Stopped');
  });

  it('is told why it is not let in, whoever it is, and learns nothing of which spaces there are', async () => {
    const space = await startedSpace('strangers', 'command: [sleep, "1000"]');
    const [newer, stranger] = [randomUUID(), randomUUID()];
    const own = { protocol: 1, version: '1', space: space.id, instance: randomUUID(), secret: 'x', credential: '' };
    const said = (fields: object) => answerTo(`${JSON.stringify({ ...own, ...fields })}\n`);
    expect(await answerTo('GET / HTTP/1.1\n')).toContain('"reason":"invalid"');
    expect(await said({ protocol: 99, space: newer })).toContain('Install the agent of the same release');
    expect(await said({ space: stranger })).toBe(await said({ secret: 'knj_guessed' }));
    refused.push('agent', `agent:${newer}`, `agent:${stranger}`, `agent:${space.id}`);
    await origin.api.wish(space.id, 'stop');
    await origin.api.phase(space.id, 'Stopped');
  });

  it('lets `knot spaces try` in, which leaves no space behind', async () => {
    const job = `command: ["${process.execPath}", "${AGENT}", "agent"]`;
    await origin.api.createTemplate({ name: 'tried', platform: 'local', job });
    const before = (await origin.api.spaces()).length;
    const env = { KNOT_SERVER: origin.url, KNOT_TOKEN: origin.api.token };
    const { code, output } = await runKnot(['spaces', 'try', 'tried', '--location', 'lon'], { env });
    expect(output).toMatch(/: created\n[^]*: started\n[^]*: entered\n[^]*: deleted\n/);
    expect(code).toBe(0);
    expect(await origin.api.spaces()).toHaveLength(before);
  });

  it('that was refused is in the audit, with its space', async () => {
    await eventually(
      () => origin.api.request<{ items: { actor: string; action: string; outcome: string }[] }>('GET', '/audit'),
      ({ items }) => {
        const joins = items.filter(({ action, outcome }) => action === 'agent.join' && outcome === 'refused');
        return refused.length === 7 && refused.every((actor) => joins.some((join) => join.actor === actor));
      },
      { ...SOON, what: 'the refusals in the audit' },
    );
  });
});
