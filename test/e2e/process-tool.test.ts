import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { startChild } from '../tools/child.js';
import { always, eventually } from '../tools/eventually.js';
import { freePorts } from '../tools/ports.js';
import { cleanEnv, freshFolder } from '../tools/processes.js';

const counting = `
  let count = 0;
  console.log('started in ' + process.cwd() + ' with ' + process.env.KNOT_SECRET);
  setInterval(() => console.log('count ' + ++count), 20);
  process.on('SIGTERM', () => { console.log('ending'); process.exit(7); });
`;

describe('a process started by a test', () => {
  it('lives in a folder and an environment of its own, is frozen, thawed and ended by its id', async () => {
    process.env['KNOT_SECRET'] = 'of the test';
    const folder = freshFolder('counting');
    const child = await startChild(process.execPath, ['-e', counting], { cwd: folder, env: cleanEnv(folder) });
    expect(await child.waitForLine(/^started/)).toBe(`started in ${folder} with undefined`);
    await child.waitForLine(/^count 3$/);

    child.signal('SIGSTOP');
    await new Promise((resolve) => setTimeout(resolve, 200));
    const frozenAt = child.output().length;
    await always(
      () => child.output().length,
      (length) => length === frozenAt,
      { timeout: 500 },
    );
    child.signal('SIGCONT');
    await child.waitForLine(/^count/, { from: frozenAt });

    child.signal('SIGTERM');
    expect(await child.exited).toEqual({ code: 7, signal: null });
    expect(existsSync(`/proc/${child.pid}`)).toBe(false);
  });

  it('says what it printed when it ends before the awaited line', async () => {
    const child = await startChild(process.execPath, ['-e', 'console.error("no licence today"); process.exit(1)']);
    await expect(child.waitForLine(/ready/)).rejects.toThrow('no licence today');
  });

  it('dies with the process that started it, even when that is killed', async () => {
    // Node strips the types itself; `.js` in an import of child.ts is answered by its neighbour `.ts`.
    const hook = `import { registerHooks } from 'node:module';
      registerHooks({ resolve: (name, from, next) => next(/^\\.\\/.*\\.js$/.test(name) ? name.replace(/js$/, 'ts') : name, from) });
      const { startChild } = await import(${JSON.stringify(new URL('../tools/child.ts', import.meta.url).href)});
      const child = await startChild('sleep', ['3600']);
      console.log('child ' + child.pid);`;
    const starter = await startChild(process.execPath, ['--input-type=module', '-e', hook]);
    const pid = Number((await starter.waitForLine(/^child \d+/)).split(' ')[1]);
    expect(existsSync(`/proc/${pid}`)).toBe(true);
    await starter.kill();
    await eventually(() => !existsSync(`/proc/${pid}`), Boolean, { what: 'the child being gone' });
  });
});

describe('waiting', () => {
  it('returns the first accepted value and survives looks that throw', async () => {
    let looks = 0;
    const look = () => {
      looks += 1;
      if (looks < 3) throw new Error('not yet');
      return looks;
    };
    expect(await eventually(look, (value) => value >= 4, { interval: 1 })).toBe(4);
  });

  it('names what it waited for and what it saw last', async () => {
    const waiting = eventually(
      () => ({ phase: 'Starting' }),
      () => false,
      { timeout: 50, interval: 5, what: 'Running' },
    );
    await expect(waiting).rejects.toThrow(/in vain for Running; last seen: \{ phase: 'Starting' \}/);
  });

  it('does not wait longer than said for a look that hangs', async () => {
    const start = Date.now();
    await expect(eventually(() => new Promise(() => undefined), Boolean, { timeout: 100 })).rejects.toThrow('in vain');
    expect(Date.now() - start).toBeLessThan(5_000);
  });
});

it('free ports are different ones that can be bound', async () => {
  const ports = await freePorts(5);
  expect(new Set(ports).size).toBe(5);
  for (const port of ports) {
    const server = createServer();
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve));
    await new Promise((resolve) => server.close(resolve));
  }
});
