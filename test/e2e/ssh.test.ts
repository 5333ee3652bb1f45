import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Space } from '../tools/api-client.js';
import { locationReady, startLeaf, startOrigin, type Origin } from '../tools/cluster.js';
import { freePort } from '../tools/ports.js';
import { freshFolder } from '../tools/processes.js';
import { Desk, sha256Of, spaceWithAgent } from '../tools/ssh.js';

let origin: Origin;
let space: Space;
const desk = new Desk();

beforeAll(async () => {
  origin = await startOrigin();
  const config = {
    'server.local.path': freshFolder('spaces'),
    'server.listen_agent': `127.0.0.1:${await freePort()}`,
  };
  await startLeaf(origin, { location: 'lon', local: true, config });
  await locationReady(origin, 'lon', 'local');
  space = await spaceWithAgent(origin, 'work', 'lon');
  await desk.connect(origin);
}, 180_000);

describe('the OpenSSH client', () => {
  it('runs a command, with its output, its input and its exit code', async () => {
    const ran = await desk.ssh(['knot.work', 'cat; echo $KNOT_SPACEID; echo oh >&2; exit 7'], 'typed');
    expect(ran).toEqual({ code: 7, stdout: `typed${space.id}\n`, stderr: expect.stringContaining('oh\n') });
  });

  it('copies a large file there and back without a byte changed', async () => {
    const file = desk.file('large', randomBytes(64 * 1024 * 1024));
    const there = join(desk.home, 'there');
    await desk.must(desk.run('scp', ['-F', desk.config, file, `knot.work:${there}`]));
    expect(await sha256Of(there)).toBe(await sha256Of(file));
    const back = join(desk.home, 'back');
    await desk.must(desk.run('scp', ['-F', desk.config, `knot.work:${there}`, back]));
    expect(await sha256Of(back)).toBe(await sha256Of(file));
  });
});
