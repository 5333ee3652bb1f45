import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../tools/eventually.js';
import { locationReady, startLeaf, startOrigin, type Leaf, type Origin } from '../tools/cluster.js';
import { freshFolder, runKnot } from '../tools/processes.js';

const JOB = `
command: ["sh", "-c", "echo $GREETING > home/greeting; exec sleep 1000"]
env:
  GREETING: "hello \${{ .user.username }} in \${{ .space.name }}"
volumes: [home]
`;
const VOLUMES = `
volumes:
  - name: home
`;

let origin: Origin;
let leaf: Leaf;
let spacesFolder: string;

beforeAll(async () => {
  origin = await startOrigin();
  spacesFolder = freshFolder('spaces');
  leaf = await startLeaf(origin, { location: 'lon', local: true, config: { 'server.local.path': spacesFolder } });
  await locationReady(origin, 'lon', 'local');
});

describe('the loop on processes of the leaf itself', () => {
  it('runs a wished space with its volume, stops it and deletes it, and leaves nothing behind', async () => {
    const { api } = origin;
    const template = await api.createTemplate({ name: 'greeting', platform: 'local', job: JOB, volumes: VOLUMES });
    const space = await api.createSpace('first', template.id, 'lon');
    const operation = await api.wish(space.id, 'start');
    expect(operation.subjectId).toBe(space.id);
    const running = await api.phase(space.id, 'Running');
    expect(running.conditions.map(({ type, status }) => `${type}=${status}`)).toContain('Ready=True');
    expect(running.phases.map(({ name }) => name)).toEqual(expect.arrayContaining(['Accepted', 'Submitted', 'Ready']));
    const greeting = join(spacesFolder, 'volumes', space.id, 'home', 'greeting');
    expect(readFileSync(greeting, 'utf8')).toBe('hello ada in first\n');

    await api.wish(space.id, 'stop');
    await api.phase(space.id, 'Stopped');
    expect(existsSync(greeting)).toBe(true);

    await api.deleteSpace(space);
    await api.gone(space.id);
    expect(existsSync(greeting)).toBe(false);
    expect(existsSync(join(spacesFolder, space.id))).toBe(false);
  });

  it('starts what a new installation has ready: the template hello', async () => {
    const { api } = origin;
    const { items } = await api.request<{ items: { id: string; name: string }[] }>('GET', '/templates?platform=local');
    const hello = items.find(({ name }) => name === 'hello');
    const space = await api.createSpace('starter', hello?.id ?? '', 'lon');
    await api.wish(space.id, 'start');
    await api.phase(space.id, 'Running');
    const heartbeat = join(spacesFolder, 'volumes', space.id, 'home', 'heartbeat');
    await eventually(
      () => readFileSync(heartbeat, 'utf8'),
      (text) => text.endsWith(' hello ada, this is starter\n'),
      { what: 'the heartbeat in the volume' },
    );
    await api.deleteSpace(space);
    await api.gone(space.id);
  });

  it('shows the phases of a start to whoever watches from the command line', async () => {
    const { api } = origin;
    const template = await api.createTemplate({ name: 'watched', platform: 'local', job: 'command: [sleep, "1000"]' });
    const space = await api.createSpace('watched', template.id, 'lon');
    const watching = runKnot(['spaces', 'watch', 'watched', '--until', 'Running'], {
      env: { KNOT_SERVER: origin.url, KNOT_TOKEN: api.token },
    });
    await api.wish(space.id, 'start');
    const { output } = await watching;
    for (const phase of ['Submitted', 'Ready', 'Running']) expect(output).toContain(phase);
    await api.wish(space.id, 'stop');
    await api.phase(space.id, 'Stopped');
  });

  it('brings a killed space back by itself, and not a stopped one', async () => {
    const { api } = origin;
    const template = await api.createTemplate({ name: 'sleeper', platform: 'local', job: 'command: [sleep, "1000"]' });
    const space = await api.createSpace('sleeper', template.id, 'lon');
    await api.wish(space.id, 'start');
    const running = await api.phase(space.id, 'Running');
    const pid = Number.parseInt(running.instance, 10);
    process.kill(-pid, 'SIGKILL');
    const back = await eventually(
      () => api.space(space.id),
      (now) => now.phase === 'Running' && now.instance !== running.instance,
      { timeout: 20_000, what: 'another instance' },
    );
    expect(back.events.map(({ message }) => message).join('\n')).toMatch(/put back|ended/i);
    await api.wish(space.id, 'stop');
    await api.phase(space.id, 'Stopped');
  });

  it('goes on with running spaces when the leaf was killed and started again, the origin away', async () => {
    const { api } = origin;
    const template = await api.createTemplate({ name: 'stayer', platform: 'local', job: 'command: [sleep, "1000"]' });
    const space = await api.createSpace('stayer', template.id, 'lon');
    await api.wish(space.id, 'start');
    const running = await api.phase(space.id, 'Running');
    await origin.process.kill();
    await leaf.process.kill();
    leaf = await leaf.restart();
    process.kill(-Number.parseInt(running.instance, 10), 'SIGKILL');
    origin = await origin.restart();
    const back = await eventually(
      () => origin.api.space(space.id),
      (now) => now.phase === 'Running' && now.instance !== running.instance,
      { timeout: 60_000, what: 'the space put back while the origin was away' },
    );
    expect(back.generation).toBe(running.generation);
    await origin.api.wish(space.id, 'stop');
    await origin.api.phase(space.id, 'Stopped');
  });
});
