import { beforeAll, expect, it } from 'vitest';
import {
  ADMINISTRATOR,
  locationReady,
  SHARED_TOKEN,
  startLeaf,
  startOrigin,
  type Leaf,
  type Origin,
} from '../tools/cluster.js';
import { eventually } from '../tools/eventually.js';
import { freshFolder, runKnot } from '../tools/processes.js';

const ENCRYPT = 'planted-key-of-the-origin-0123456789';
const PROTECTED = 'planted-protected-value-0123456789';

let origin: Origin;
let leaf: Leaf;
/** Everything that anybody was shown, by where. */
const shown = new Map<string, string>();

beforeAll(async () => {
  origin = await startOrigin({ config: { 'server.encrypt': ENCRYPT, 'log.level': 'debug' } });
  const config = { 'server.local.path': freshFolder('spaces'), 'log.level': 'debug' };
  leaf = await startLeaf(origin, { location: 'lon', local: true, config });
  await locationReady(origin, 'lon', 'local');
});

async function knot(...args: string[]): Promise<void> {
  const env = { KNOT_SERVER: origin.url, KNOT_TOKEN: origin.api.token };
  const { output } = await runKnot(args, { env, timeout: 60_000 });
  shown.set(`knot ${args.join(' ')}`, output);
}

async function get(path: string): Promise<void> {
  const headers = { authorization: `Bearer ${origin.api.token}` };
  const answer = await fetch(`${origin.url}${path}`, { headers, signal: AbortSignal.timeout(20_000) });
  const text = await answer.text();
  expect(answer.status, `${path}: ${text}`).toBeLessThan(500);
  shown.set(path, text);
}

/** What the stream of events says, until it is let go. */
function listen(): () => Promise<void> {
  const ending = new AbortController();
  const headers = { authorization: `Bearer ${origin.api.token}` };
  const reading = (async () => {
    const answer = await fetch(`${origin.url}/api/v1/events`, { headers, signal: ending.signal });
    let text = '';
    for await (const chunk of answer.body ?? []) {
      text += Buffer.from(chunk).toString();
      shown.set('events', text);
    }
  })().catch(() => undefined);
  return async () => {
    ending.abort();
    await reading;
  };
}

it('a secret that was planted is shown by nothing: no list, event, log, metric, audit row, command or error', async () => {
  const { api } = origin;
  const stopListening = listen();
  const job = (command: string) => `command: ${command}\nenv: { KEY: "\${{ .var.key }}" }\n`;
  const jobs = {
    runs: job('[sleep, "1000"]'),
    // What refuses each of these quotes what it was handed.
    missing: job('["/nowhere/${{ .var.key }}"]'),
    fails: job('["sh", "-c", "exit 3", "${{ .var.key }}"]'),
    wrong: 'command: ${{ .var.key }}\n',
    unknown: `${job('[sleep, "1000"]')}\n"\${{ .var.key }}": 1\n`,
  };
  const templates = await Promise.all(
    Object.entries(jobs).map(([name, text]) =>
      api.createTemplate({ name, platform: 'local', job: text, restart: 'never' }),
    ),
  );
  const ids = templates.map(({ id }) => id);
  await api.request('POST', '/variables', { name: 'key', value: PROTECTED, protected: true, templates: ids });
  const spaces: { id: string; name: string }[] = [];
  for (const { id, name } of templates) {
    const space = await api.createSpace(name, id, 'lon');
    await api.wish(space.id, 'start');
    spaces.push(space);
  }
  const settled = async () => Promise.all(spaces.map(async ({ id }) => (await api.space(id)).phase));
  await eventually(settled, (phases) => phases.every((phase) => ['Running', 'Failed', 'Stopped'].includes(phase)), {
    timeout: 90_000,
    what: 'every space to run or to have failed',
  });
  for (const { id, name } of spaces) {
    await get(`/api/v1/spaces/${id}`);
    await knot('spaces', 'get', name, '--json');
  }
  const lists = ['spaces', 'templates', 'variables', 'users', 'locations', 'operations', 'audit', 'tokens', 'sessions'];
  for (const list of [...lists, 'health', 'me', 'locations/lon']) await get(`/api/v1/${list}`);
  await get('/metrics');
  await get('/api/openapi.json');
  shown.set('metrics of the leaf', await (await fetch(`${leaf.url}/metrics`)).text());
  for (const list of ['spaces', 'templates', 'variables', 'locations']) await knot(list, 'list', '--json');
  await knot('config', 'show', '--config', origin.process.configFile, '--json');
  await fetch(`${origin.url}/api/v1/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: ADMINISTRATOR.username, password: `${ADMINISTRATOR.password} wrong` }),
  });
  await stopListening();
  shown.set('log of the origin', origin.process.output());
  shown.set('log of the leaf', leaf.process.output());

  const planted = { PROTECTED, ENCRYPT, SHARED_TOKEN, password: ADMINISTRATOR.password, token: api.token };
  const leaks = [...shown].flatMap(([where, text]) =>
    Object.entries(planted).flatMap(([what, secret]) => {
      const at = text.indexOf(secret);
      return at < 0 ? [] : [`${what} in ${where}: ...${text.slice(Math.max(0, at - 200), at)}`];
    }),
  );
  expect(leaks).toEqual([]);
  // It looked at what it meant to look at.
  expect(shown.get('events')).toContain('data:');
  expect(shown.get('log of the leaf')).toContain('"level"');
  // What a backend's refusal had quoted stands blotted out where users read it.
  const told = [...shown].flatMap(([where, text]) => (where.startsWith('/api/v1/spaces/') ? [text] : []));
  expect(told.join('\n')).toContain('***\\" is not known here');
});
