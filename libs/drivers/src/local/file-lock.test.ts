import type { ChildProcess } from 'node:child_process';
import { readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { buildVictim, startVictim } from './crash/start-victim.js';
import { SpaceOnMachine } from './testing/space-on-machine.js';

let program = '';

beforeAll(async () => {
  program = await buildVictim();
});

afterAll(() => rm(dirname(program), { recursive: true, force: true }));

/** A process that holds the lock of the space's location. */
async function holder(space: SpaceOnMachine, term: number, ttlMs: number): Promise<ChildProcess> {
  const deed = { do: 'hold', spec: space.spec, term, ttlMs } as const;
  const { child, said } = startVictim(program, { root: space.root, deed, stay: true });
  onTestFinished(() => void child.kill('SIGKILL'));
  expect(await said).toContain('"state":"held"');
  return child;
}

async function lockFolder(space: SpaceOnMachine): Promise<string> {
  const locks = join(space.root, '.locks');
  return join(locks, (await readdir(locks))[0] ?? '');
}

describe('the lock of a local location', () => {
  it('is free at once when its holder was killed, long before it would run out', async () => {
    const space = await SpaceOnMachine.create('command: x', onTestFinished);
    const child = await holder(space, 3, 60_000);
    const lock = space.driver.lock();
    const claim = { holder: 'parent', term: 3, ttlMs: 60_000 };
    expect(await lock.hold(claim, space.signal)).toEqual({ state: 'refused', holder: 'child', term: 3 });
    child.kill('SIGKILL');
    await space.until('free', async () => ((await lock.hold(claim, space.signal)).state === 'held' ? true : null));
  });

  it('goes from a holder that was frozen beyond its time to a higher term, and the woken one is refused', async () => {
    const space = await SpaceOnMachine.create('command: x', onTestFinished);
    const child = await holder(space, 3, 200);
    child.kill('SIGSTOP');
    const lock = space.driver.lock();
    const claim = { holder: 'parent', term: 4, ttlMs: 60_000 };
    await space.until('taken', async () => ((await lock.hold(claim, space.signal)).state === 'held' ? true : null));
    const answer = new Promise<string>((resolve) =>
      child.stdout?.once('data', (data: Buffer) => resolve(String(data))),
    );
    child.kill('SIGCONT');
    child.kill('SIGUSR1');
    expect(JSON.parse(await answer)).toEqual({ state: 'refused', holder: 'parent', term: 4 });
  });

  it('keeps few files however often it is renewed, and its term over them', async () => {
    const space = await SpaceOnMachine.create('command: x', onTestFinished);
    const lock = space.driver.lock();
    for (let time = 0; time < 40; time += 1) {
      await lock.hold({ holder: 'a', term: 7, ttlMs: 60_000 }, space.signal);
    }
    await lock.release(space.signal);
    expect((await readdir(await lockFolder(space))).length).toBeLessThanOrEqual(18);
    const again = space.newDriver().lock();
    expect((await again.hold({ holder: 'b', term: 6, ttlMs: 1 }, space.signal)).state).toBe('refused');
    expect((await again.hold({ holder: 'b', term: 7, ttlMs: 1 }, space.signal)).state).toBe('held');
  });

  it('outlives a newest file that a crash of the machine left empty', async () => {
    const space = await SpaceOnMachine.create('command: x', onTestFinished);
    const lock = space.driver.lock();
    await lock.hold({ holder: 'a', term: 7, ttlMs: 60_000 }, space.signal);
    await writeFile(join(await lockFolder(space), '2.json'), '');
    const other = space.newDriver().lock();
    expect(await other.hold({ holder: 'b', term: 7, ttlMs: 1 }, space.signal)).toMatchObject({ state: 'refused' });
    expect((await lock.hold({ holder: 'a', term: 7, ttlMs: 1 }, space.signal)).state).toBe('held');
  });

  it('says so where it cannot be written', async () => {
    const space = await SpaceOnMachine.create('command: x', onTestFinished);
    await writeFile(join(space.root, '.locks'), 'in the way');
    const answer = await space.driver.lock().hold({ holder: 'a', term: 1, ttlMs: 1 }, space.signal);
    expect(answer).toMatchObject({ state: 'unavailable', trouble: { reason: 'BackendUnavailable' } });
  });
});
