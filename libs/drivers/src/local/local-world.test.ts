import { lstat, mkdir, readFile, readdir, readlink, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { instancesOf, processesOf } from './testing/machine.js';
import { SpaceOnMachine } from './testing/space-on-machine.js';

const RUNS = 'command: [sleep, "600"]';

/** The folder of the present run. */
async function runFolder(space: SpaceOnMachine): Promise<string> {
  const runs = join(space.folder, '.knot', 'runs');
  const numbers = (await readdir(runs)).map(Number);
  return join(runs, String(Math.max(...numbers)));
}

/** Program and arguments of a process; '' when there is none. */
async function commandOf(pid: string): Promise<string> {
  const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  return line.split('\0').join(' ').trim();
}

async function claimOf(space: SpaceOnMachine): Promise<string> {
  return readFile(join(await runFolder(space), 'claim'), 'utf8');
}

async function written(space: SpaceOnMachine, name: string): Promise<string> {
  return space.until(`written to ${name}`, async () => {
    const text = await readFile(join(space.folder, name), 'utf8').catch(() => '');
    return text.endsWith('\n') ? text : null;
  });
}

describe('a local space', () => {
  it('has a clean environment: nothing of the leaf, the home in its folder', async () => {
    process.env['KNOT_TEST_SECRET'] = 'hush';
    onTestFinished(() => void delete process.env['KNOT_TEST_SECRET']);
    const space = await SpaceOnMachine.create(
      'command: "env > seen.tmp; mv seen.tmp seen; sleep 600"\nenv: { MINE: "a b" }',
      onTestFinished,
      {
        environment: { KNOT_SERVER: 'https://knot.example.com' },
      },
    );
    await space.apply();
    const seen = await space.until('told', () => readFile(join(space.folder, 'seen'), 'utf8').catch(() => null));
    const names = seen
      .trim()
      .split('\n')
      .map((line) => line.split('=', 1)[0]);
    const expected = 'HOME KNOT_MARK KNOT_RUN KNOT_SERVER KNOT_SPACEID KNOT_USER LANG LOGNAME MINE PATH PWD SHELL USER';
    expect(names.filter((name) => name !== '_' && name !== 'OLDPWD').sort()).toEqual(expected.split(' '));
    expect(seen).toContain(`HOME=${space.folder}\n`);
    expect(seen).toContain('MINE=a b\n');
    expect(seen).toContain('KNOT_USER=ann\n');
    expect(seen).toContain(`USER=${userInfo().username}\n`);
  });

  it('keeps its folder to its owner and no secret of its environment in its records', async () => {
    const space = await SpaceOnMachine.create(`${RUNS}\nenv: { TOKEN: s3cret-value }`, onTestFinished);
    await space.apply();
    expect((await stat(space.folder)).mode & 0o777).toBe(0o700);
    for (const file of await readdir(join(space.folder, '.knot'), { recursive: true, withFileTypes: true })) {
      const path = join(file.parentPath, file.name);
      expect((await stat(path)).mode & 0o077).toBe(0);
      if (file.isFile()) expect(await readFile(path, 'utf8')).not.toContain('s3cret-value');
    }
    expect(JSON.stringify([await space.look(), await space.driver.plan(space.spec, space.signal)])).not.toContain(
      's3cret',
    );
  });

  it('is ended by its own signal, and killed with all its processes after the grace', async () => {
    const polite = await SpaceOnMachine.create(
      'command: "trap \'echo bye > said; exit 0\' INT; while :; do sleep 0.02; done"\nstop: { signal: INT, grace: 5 }',
      onTestFinished,
    );
    const stubborn = await SpaceOnMachine.create(
      'command: "trap : TERM; while :; do sleep 0.02; done"\nstop: { grace: 0.3 }',
      onTestFinished,
    );
    await polite.apply();
    await stubborn.apply();
    await stubborn.converge();
    const folder = await polite.until('trapping', () =>
      processesOf(polite.mark.space).length >= 2 ? polite.folder : null,
    );
    expect(folder).toBe(polite.folder);
    const begun = performance.now();
    await Promise.all([polite.convergeToAbsent(), stubborn.convergeToAbsent()]);
    expect(performance.now() - begun).toBeLessThan(4_000);
    expect(processesOf(polite.mark.space)).toEqual([]);
    expect(processesOf(stubborn.mark.space)).toEqual([]);
  });

  it('takes its hidden processes with it: new sessions, cleared environments, detached children', async () => {
    const space = await SpaceOnMachine.create(
      'command: "setsid sleep 611 & env -i sleep 612 & (setsid sh -c \'sleep 613 & sleep 614\' &) ; exec sleep 615"',
      onTestFinished,
    );
    const hidden = async () => {
      const all = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
      const lines = await Promise.all(all.map((pid) => commandOf(pid)));
      return lines.filter((line) => /^sleep 61[1-5]$/.test(line)).length;
    };
    await space.apply();
    await space.until('all five up', async () => ((await hidden()) === 5 ? true : null));
    await space.convergeToAbsent();
    expect(await hidden()).toBe(0);
  });

  it('whose processes were all killed is ended, without a code, and starts again', async () => {
    const space = await SpaceOnMachine.create(RUNS, onTestFinished);
    await space.apply();
    for (const { pid } of processesOf(space.mark.space)) process.kill(pid, 'SIGKILL');
    const ended = await space.untilEnded();
    expect(ended).toMatchObject({ exitCode: null, drift: null });
    expect(ended.trouble?.message).toContain('killed');
    await space.converge();
    expect(instancesOf(space.mark.space)).toBe(1);
  });

  it('whose command was killed tells the signal', async () => {
    const space = await SpaceOnMachine.create(RUNS, onTestFinished);
    await space.apply();
    const command = await space.until(
      'up',
      () => processesOf(space.mark.space).find((one) => one.command === 'sleep 600') ?? null,
    );
    process.kill(command.pid, 'SIGKILL');
    const ended = await space.untilEnded();
    expect(ended).toMatchObject({ exitCode: 137 });
    expect(ended.trouble?.message).toContain('SIGKILL');
  });

  it('that lost the process watching over it is started anew as one', async () => {
    const space = await SpaceOnMachine.create(RUNS, onTestFinished);
    await space.apply();
    await space.converge();
    const watcher = processesOf(space.mark.space).find(({ command }) => command.includes('launch.sh'));
    process.kill(watcher?.pid ?? 0, 'SIGKILL');
    await space.until('seen', async () => {
      const seen = await space.look();
      return seen.state === 'present' && seen.drift?.includes('keeps watch') !== undefined ? seen : null;
    });
    await space.converge();
    expect(processesOf(space.mark.space)).toHaveLength(2);
  });

  it('whose folder was deleted while it ran is seen, and put right as one', async () => {
    const space = await SpaceOnMachine.create(RUNS, onTestFinished);
    await space.apply();
    await rm(space.folder, { recursive: true });
    expect(await space.look()).toMatchObject({ state: 'present', drift: expect.stringContaining('folder') });
    expect(await space.driver.list(space.signal)).toMatchObject([{ space: space.mark.space, kind: 'workload' }]);
    await space.converge();
    expect(processesOf(space.mark.space)).toHaveLength(2);
    await rm(space.folder, { recursive: true });
    await space.convergeToAbsent();
    expect(processesOf(space.mark.space)).toEqual([]);
  });

  it('of an earlier start of the machine is over, and a process that has its pid now is left alone', async () => {
    const space = await SpaceOnMachine.create(RUNS, onTestFinished);
    await space.apply();
    const bystander = await SpaceOnMachine.create(RUNS, onTestFinished);
    await bystander.apply();
    const [, theirs = ''] = (await claimOf(bystander)).split('\n');
    for (const { pid } of processesOf(space.mark.space)) process.kill(pid, 'SIGKILL');
    await space.untilEnded();
    await writeFile(join(await runFolder(space), 'claim'), `00000000-0000-0000-0000-000000000000\n${theirs}\n`);
    const seen = await space.untilEnded(space.newDriver());
    expect(seen.trouble?.message).toContain('The machine was started anew');
    await space.converge();
    await space.convergeToAbsent();
    expect(instancesOf(bystander.mark.space)).toBe(1);
  });

  it('whose pid was given to another process is over, and that one is left alone', async () => {
    const space = await SpaceOnMachine.create(RUNS, onTestFinished);
    await space.apply();
    const [boot = ''] = (await claimOf(space)).split('\n');
    for (const { pid } of processesOf(space.mark.space)) process.kill(pid, 'SIGKILL');
    await space.untilEnded();
    const bystander = await SpaceOnMachine.create(RUNS, onTestFinished);
    await bystander.apply();
    const [, theirs = ''] = (await claimOf(bystander)).split('\n');
    const fields = theirs.split(' ');
    fields[21] = String(Number(fields[21]) - 1);
    await writeFile(join(await runFolder(space), 'claim'), `${boot}\n${fields.join(' ')}\n`);
    await space.untilEnded(space.newDriver());
    await space.converge();
    await space.convergeToAbsent();
    expect(instancesOf(bystander.mark.space)).toBe(1);
  });

  it('says why a command cannot be run', async () => {
    const unknown = await SpaceOnMachine.create('command: [no-such-program]', onTestFinished);
    await unknown.apply();
    const ended = await unknown.untilEnded();
    expect(ended).toMatchObject({ exitCode: 127 });
    expect(ended.trouble?.message).toContain('not found');
    expect((await unknown.driver.logs(unknown.mark, 5, unknown.signal)).join('\n')).toContain('no-such-program');
    const nowhere = await SpaceOnMachine.create(`${RUNS}\nworkdir: not/there`, onTestFinished);
    await nowhere.apply();
    expect(await nowhere.untilEnded()).toMatchObject({ exitCode: 126 });
  });

  it('is healthy once its port answers, and unhealthy when it no longer does', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const space = await SpaceOnMachine.create(`${RUNS}\nready: { port: ${port} }`, onTestFinished);
    await space.apply();
    expect(await space.look()).toMatchObject({ health: 'healthy', trouble: null });
    await new Promise((resolve) => server.close(resolve));
    expect(await space.look()).toMatchObject({ health: 'unhealthy', trouble: { reason: 'Unhealthy' } });
  });

  it('is healthy once its file is there', async () => {
    const space = await SpaceOnMachine.create(
      'command: "sleep 0.2; touch up; exec sleep 600"\nready: { file: up }',
      onTestFinished,
    );
    await space.apply();
    expect(await space.look()).toMatchObject({
      health: 'starting',
      trouble: { message: 'The file up is not there yet.' },
    });
    await space.converge();
  });

  it('tells the last lines of its log, what was said to stderr among them', async () => {
    const space = await SpaceOnMachine.create(
      'command: "for n in 1 2 3 4; do echo line $n; done; echo oops >&2; exit 1"',
      onTestFinished,
    );
    await space.apply();
    await space.untilEnded();
    expect(await space.driver.logs(space.mark, 3, space.signal)).toEqual(['line 3', 'line 4', 'oops']);
  });

  it('keeps the records of its last runs, and the timeline tells each once', async () => {
    const space = await SpaceOnMachine.create('command: "exit 4"', onTestFinished);
    for (let time = 0; time < 7; time += 1) {
      await space.apply();
      await space.untilEnded();
    }
    expect(await readdir(join(space.folder, '.knot', 'runs'))).toHaveLength(5);
    const events = await space.driver.events(space.mark, space.signal);
    expect(events.filter(({ reason }) => reason === 'Exited')).toHaveLength(5);
    expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
  });

  it('keeps its log bounded while it is watched', async () => {
    const space = await SpaceOnMachine.create(RUNS, onTestFinished);
    await space.converge();
    const log = join(await runFolder(space), 'log');
    await writeFile(log, 'x'.repeat(9 * 1024 * 1024));
    const ending = new AbortController();
    const watched = space.driver.watch(() => undefined, ending.signal);
    await space.until('cut', async () => ((await stat(log)).size === 0 ? true : null));
    ending.abort();
    await watched;
    expect((await stat(`${log}.1`)).size).toBe(9 * 1024 * 1024);
  });

  it('refuses to work where the folder cannot be written, and says so', async () => {
    const space = await SpaceOnMachine.create(RUNS, onTestFinished);
    await writeFile(join(space.root, 'file'), '');
    const driver = space.newDriver({ path: join(space.root, 'file') });
    expect(await driver.health(space.signal)).toMatchObject({
      ready: false,
      trouble: { reason: 'BackendUnavailable' },
    });
    await expect(driver.apply(space.spec, '', space.signal)).rejects.toMatchObject({ code: 'backend.unavailable' });
  });

  it.each(['darwin', 'win32'] as const)('is not had on %s, which is said in a sentence', async (platform) => {
    const space = await SpaceOnMachine.create(RUNS, onTestFinished);
    const driver = space.newDriver({ platform });
    const health = await driver.health(space.signal);
    expect(health).toMatchObject({ ready: false, trouble: { reason: 'PlatformMissing' } });
    expect(health.trouble?.message).toContain('needs Linux');
    await expect(driver.apply(space.spec, '', space.signal)).rejects.toMatchObject({ code: 'feature.missing' });
  });
});

describe('volumes of a local space', () => {
  const VOLUMES = '- home\n- data';
  const MOUNTED = `${RUNS}\nvolumes: [home, { name: data, path: var/data }]`;

  it('are links in its folder that lead to them, and follow the job', async () => {
    const space = await SpaceOnMachine.create(RUNS, onTestFinished);
    const spec = space.specOf(
      'command: "echo kept > home/note; exec sleep 600"\nvolumes: [home, { name: data, path: var/data }]',
      VOLUMES,
    );
    await space.converge(spec);
    expect(await readlink(join(space.folder, 'var', 'data'))).toBe(
      join(space.root, 'volumes', space.mark.space, 'data'),
    );
    await written(space, 'home/note');
    await space.converge(space.specOf(`${RUNS}\nvolumes: [{ name: home, path: h }]`, VOLUMES));
    expect(await readFile(join(space.folder, 'h', 'note'), 'utf8')).toBe('kept\n');
    expect(await lstat(join(space.folder, 'home')).catch(() => null)).toBeNull();
    expect(await lstat(join(space.folder, 'var', 'data')).catch(() => null)).toBeNull();
  });

  it('whose link was taken away are put back', async () => {
    const space = await SpaceOnMachine.create(RUNS, onTestFinished);
    const spec = space.specOf(MOUNTED, VOLUMES);
    await space.converge(spec);
    await rm(join(space.folder, 'home'));
    expect(await space.look(spec)).toMatchObject({ drift: expect.stringContaining('home') });
    await space.converge(spec);
    expect(await readlink(join(space.folder, 'home'))).toContain('/home');
  });

  it('never take the place of files that are there', async () => {
    const space = await SpaceOnMachine.create(RUNS, onTestFinished);
    await space.converge();
    await writeFile(join(space.folder, 'home'), 'work of a week');
    const spec = space.specOf(MOUNTED, VOLUMES);
    await expect(space.apply(spec)).rejects.toMatchObject({ code: 'backend.invalid' });
    expect(await readFile(join(space.folder, 'home'), 'utf8')).toBe('work of a week');
    expect(instancesOf(space.mark.space)).toBe(1);
  });

  it('are never put outside by a link on the way', async () => {
    const space = await SpaceOnMachine.create(RUNS, onTestFinished);
    await space.converge();
    const outside = join(space.root, 'outside');
    await mkdir(outside);
    await symlink(outside, join(space.folder, 'var'));
    await expect(space.apply(space.specOf(MOUNTED, VOLUMES))).rejects.toMatchObject({ code: 'backend.invalid' });
    expect(await readdir(outside)).toEqual([]);
  });

  it('are destroyed without what their links lead to, and nothing beside them', async () => {
    const space = await SpaceOnMachine.create(RUNS, onTestFinished);
    const precious = join(space.root, 'precious');
    await mkdir(precious);
    await writeFile(join(precious, 'file'), 'stays');
    const spec = space.specOf(RUNS, VOLUMES);
    const refs = await space.driver.volumesOf(spec, space.signal);
    await space.driver.createVolumes(spec, refs, space.signal);
    await symlink(precious, join(space.root, 'volumes', space.mark.space, 'home', 'way-out'));
    const escapes = [
      '../precious',
      `${space.mark.space}/../../precious`,
      `${space.mark.space}/..`,
      space.mark.space,
      precious,
    ];
    for (const backendId of escapes) {
      const deed = space.driver.destroyVolumes(space.mark, [{ name: 'x', backendId }], space.signal);
      await expect(deed).rejects.toMatchObject({ code: 'backend.foreign' });
    }
    await space.driver.destroyVolumes(space.mark, refs, space.signal);
    expect(await readFile(join(precious, 'file'), 'utf8')).toBe('stays');
    expect(await readdir(join(space.root, 'volumes'))).toEqual([]);
  });

  it('that are a link themselves, or lack the mark, are left alone', async () => {
    const space = await SpaceOnMachine.create(RUNS, onTestFinished);
    const spec = space.specOf(RUNS, VOLUMES);
    const refs = await space.driver.volumesOf(spec, space.signal);
    const home = join(space.root, 'volumes', space.mark.space);
    await mkdir(join(home, 'data'), { recursive: true });
    for (const deed of [
      space.driver.createVolumes(spec, refs, space.signal),
      space.driver.destroyVolumes(space.mark, refs, space.signal),
    ]) {
      await expect(deed).rejects.toMatchObject({ code: 'backend.foreign' });
    }
    expect(await readdir(home)).toEqual(['data']);
    await rm(home, { recursive: true });
    await space.driver.createVolumes(spec, refs.slice(0, 1), space.signal);
    const outside = join(space.root, 'outside');
    await mkdir(outside);
    await symlink(outside, join(home, 'data'));
    const { volumes } = await space.driver.observe(
      { mark: space.mark, volumes: refs, spec: null, verified: '' },
      space.signal,
    );
    expect(volumes.map(({ state }) => state)).toEqual(['ready', 'failed']);
    await expect(space.driver.destroyVolumes(space.mark, refs, space.signal)).rejects.toMatchObject({
      code: 'backend.foreign',
    });
    expect(await readdir(outside)).toEqual([]);
  });
});
