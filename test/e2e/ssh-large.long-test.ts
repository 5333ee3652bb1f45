import { createReadStream, createWriteStream, existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { beforeAll, expect, it } from 'vitest';
import type { Space } from '../tools/api-client.js';
import { locationReady, startLeaf, startOrigin, type Leaf, type Origin } from '../tools/cluster.js';
import { eventually } from '../tools/eventually.js';
import { freePort } from '../tools/ports.js';
import { freshFolder } from '../tools/processes.js';
import { agentJoined, Desk, sha256Of, spaceWithAgent } from '../tools/ssh.js';
import { TerminalWindow } from '../tools/terminal-window.js';

const GIB = 1024 ** 3;
const LONG = { timeout: 600_000, interval: 200 };

let origin: Origin;
let leaf: Leaf;
let space: Space;
const desk = new Desk();

beforeAll(async () => {
  origin = await startOrigin();
  const config = {
    'server.local.path': freshFolder('spaces'),
    'server.listen_agent': `127.0.0.1:${await freePort()}`,
  };
  leaf = await startLeaf(origin, { location: 'lon', local: true, config });
  await locationReady(origin, 'lon', 'local');
  space = await spaceWithAgent(origin, 'work', 'lon');
  await desk.connect(origin);
}, 300_000);

it('a copy of 1 GB and a terminal outlive a leaf that is killed twice: the same shell, the same checksum', async () => {
  const [file, there] = [join(desk.home, 'large'), join(desk.home, 'large-there')];
  await pipeline(createReadStream('/dev/urandom', { end: GIB - 1 }), createWriteStream(file));
  const window = await new TerminalWindow(origin.url, origin.api, space.id).open();
  window.type('kept=yes; echo "at $$ fir"st\n');
  const [, shell] = /at (\d+) first/.exec(await window.hears(/at \d+ first/)) ?? [];
  const copy = desk.run('scp', ['-F', desk.config, file, `knot.work:${there}`], '', LONG.timeout);
  for (const share of [0.2, 0.6]) {
    await eventually(
      () => (existsSync(there) ? statSync(there).size : 0),
      (size) => size > share * GIB,
      { ...LONG, what: `${share} of the copy` },
    );
    await leaf.process.kill();
    leaf = await leaf.restart();
    await agentJoined(origin, space.id);
    await eventually(() => window.closed, Boolean, { ...LONG, what: 'the terminal to lose its way' });
    await eventually(
      () =>
        window.open().then(
          () => true,
          () => false,
        ),
      Boolean,
      { ...LONG, what: 'the terminal to come back' },
    );
    window.type(`echo "at $$ $kept ${share}"\n`);
    await window.hears(`at ${shell} yes ${share}`);
  }
  expect(await copy).toMatchObject({ code: 0 });
  expect(await sha256Of(there)).toBe(await sha256Of(file));
});
