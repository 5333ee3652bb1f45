import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Space } from '../tools/api-client.js';
import { ApiClient } from '../tools/api-client.js';
import { ADMINISTRATOR, locationReady, signIn, startLeaf, startOrigin, type Origin } from '../tools/cluster.js';
import { eventually } from '../tools/eventually.js';
import { freePort } from '../tools/ports.js';
import { freshFolder } from '../tools/processes.js';
import { agentJoined, Desk, spaceWithAgent } from '../tools/ssh.js';
import { TerminalWindow } from '../tools/terminal-window.js';

const SOON = { timeout: 60_000, interval: 100 };

let origin: Origin;
let work: Space;
let other: Space;

beforeAll(async () => {
  origin = await startOrigin();
  const config = {
    'server.local.path': freshFolder('spaces'),
    'server.listen_agent': `127.0.0.1:${await freePort()}`,
  };
  await startLeaf(origin, { location: 'lon', local: true, config });
  await locationReady(origin, 'lon', 'local');
  [work, other] = await Promise.all([spaceWithAgent(origin, 'work', 'lon'), spaceWithAgent(origin, 'other', 'lon')]);
}, 180_000);

interface Person {
  readonly id: string;
  readonly api: ApiClient;
  readonly desk: Desk;
}

/** An administrator too: nobody else gets into the machine of a leaf. */
async function person(username: string): Promise<Person> {
  const { password } = ADMINISTRATOR;
  const body = { username, email: `${username}@example.com`, password, role: 'administrator' };
  const { id } = await origin.api.request<{ id: string }>('POST', '/users', body);
  return { id, api: new ApiClient(origin.url, await signIn(origin.url, username, password)), desk: new Desk() };
}

async function give(deed: 'share' | 'transfer', space: Space, { id, api }: Person, user: string): Promise<void> {
  const { id: offer } = await origin.api.request<{ id: string }>('POST', `/spaces/${space.id}/${deed}`, { user });
  await api.request('POST', `/offers/${offer}/accept`);
  await eventually(
    () => api.space(space.id),
    ({ owner, sharedWith }) => owner.id === id || sharedWith.some((one) => one.id === id),
    SOON,
  );
}

/** A shell by stock SSH that has said its first word. */
async function shellOf(desk: Desk, host: string) {
  const child = desk.start('ssh', ['-F', desk.config, '-o', 'BatchMode=yes', host, 'echo in; cat']);
  const shell = { child, said: '', ended: new Promise<number | null>((resolve) => child.once('exit', resolve)) };
  child.stdout.on('data', (chunk: Buffer) => (shell.said += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (shell.said += chunk.toString()));
  await eventually(
    () => shell.said,
    (said) => said.includes('in\n'),
    { ...SOON, what: 'the shell' },
  );
  return shell;
}

async function echoes(shell: Awaited<ReturnType<typeof shellOf>>, word: string): Promise<void> {
  shell.child.stdin.write(`${word}\n`);
  await eventually(() => shell.said.includes(word), Boolean, { ...SOON, what: `the echo of ${word}` });
}

describe('one agent that is frozen', () => {
  it('is noticed by nobody in another space, and has its shells when it goes on', async () => {
    const [here, there] = await Promise.all([
      new TerminalWindow(origin.url, origin.api, work.id).open(),
      new TerminalWindow(origin.url, origin.api, other.id).open(),
    ]);
    there.type('kept=yes; echo "at $$ fir"st\n');
    await there.hears(/at \d+ first/);
    // with whatever stands between knot and it
    const group = -Number.parseInt(other.instance, 10);
    process.kill(group, 'SIGSTOP');
    try {
      for (const key of 'echo un$((1))moved') await here.key(key);
      here.type('\n');
      await here.hears('un1moved');
      // held for away by its pings; what is open elsewhere goes on
      await eventually(
        () => origin.api.space(other.id),
        ({ conditions }) => conditions.some(({ reason }) => reason === 'AgentAway'),
        { ...SOON, what: 'the frozen agent to be away' },
      );
      for (const key of 'echo still') await here.key(key);
      expect(here.closed).toBe(false);
    } finally {
      process.kill(group, 'SIGCONT');
    }
    await agentJoined(origin, other.id);
    await eventually(() => there.closed, Boolean, { ...SOON, what: 'the way to the frozen one to end' });
    await there.open();
    there.type('echo again $kept\n');
    await there.hears('again yes');
    [here, there].forEach((window) => window.leave());
  });
});

describe('one window of fifty that does not read', () => {
  it('slows no other, and its shell waits', async () => {
    const open = () => new TerminalWindow(origin.url, origin.api, work.id).open();
    const [stuck, ...windows] = await Promise.all(Array.from({ length: 50 }, open));
    if (!stuck) throw new Error('There are fifty.');
    stuck.type('echo pid=$$; yes 0123456789abcdef\n');
    const [, shell] = /pid=(\d+)/.exec(await stuck.hears(/pid=\d+/)) ?? [];
    stuck.stick();
    for (const [nth, window] of windows.entries()) window.type(`echo n$((${nth}+1000))\n`);
    await Promise.all(windows.map((window, nth) => window.hears(`n${nth + 1_000}`)));
    // what it printed stands in a bounded place, and `yes` is made to wait for it
    const { stuckAt } = await eventually(
      () => ({ stuckAt: writtenBelow(Number(shell)) }),
      ({ stuckAt: at }) => at > 0 && at === writtenBelow(Number(shell)),
      { ...SOON, interval: 1_000, what: 'the shell of the stuck window to wait' },
    );
    expect(stuckAt).toBeLessThan(64 * 1024 * 1024);
    for (const window of [stuck, ...windows]) window.leave();
  }, 180_000);
});

/** Bytes that the child of a process has written. */
function writtenBelow(pid: number): number {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ');
  const read = (child: string) => /^wchar: (\d+)/m.exec(readFileSync(`/proc/${child}/io`, 'utf8'))?.[1];
  return children.reduce((sum, child) => sum + Number(child === '' ? 0 : read(child)), 0);
}

describe("one's terminals", () => {
  it('are listed wherever their windows are, and ended by their id', async () => {
    const desk = new Desk();
    await desk.connect(origin);
    const window = await new TerminalWindow(origin.url, origin.api, other.id).open();
    window.leave();
    const listed = await eventually(
      () => desk.must(desk.knot(['terminals', 'list', 'other'])),
      (text) => new RegExp(`${window.id} .* no\\n`).test(text),
      { ...SOON, what: 'the terminal without a window in the list' },
    );
    expect(listed).toMatch(/^ID +RUNS +STARTED +LAST ACTIVE +IN A WINDOW\n/);
    await desk.must(desk.knot(['terminals', 'end', 'other', window.id]));
    expect(await desk.must(desk.knot(['terminals', 'list', 'other']))).not.toContain(window.id);
    const gone = await desk.knot(['terminals', 'end', 'other', window.id]);
    expect(gone).toMatchObject({ code: 4, stderr: expect.stringContaining('no such terminal of yours') });
    const id = window.id;
    await window.open();
    // a new shell in place of the one that has ended
    expect(window.id).not.toBe(id);
  });
});

/** What `work` shows to its owner. */
async function hostKey(api: ApiClient): Promise<string | undefined> {
  const { items } = await api.request<{ items: { space: string; hostKey: string }[] }>('GET', '/me/ssh-hosts');
  return items.find(({ space }) => space === work.id)?.hostKey;
}

describe('what somebody has open by SSH', () => {
  it('is cut when they are deactivated, and nobody else is', async () => {
    const [ada, ben] = [new Desk(), await person('ben')];
    await ada.connect(origin);
    await give('share', work, ben, 'ben');
    await ben.desk.connect(origin, { ...ADMINISTRATOR, username: 'ben' });
    const [kept, cut] = [await shellOf(ada, 'knot.work'), await shellOf(ben.desk, 'knot.ada.work')];
    const window = await new TerminalWindow(origin.url, ben.api, work.id).open();
    await origin.api.request('PATCH', `/users/${ben.id}`, { active: false });
    expect(await cut.ended).toBe(255);
    await eventually(() => window.closed, Boolean, { ...SOON, what: 'the terminal to be cut' });
    await echoes(kept, 'still here');
    kept.child.kill();
  }, 300_000);

  it('is cut when the space is transferred, and only the new owner gets in again', async () => {
    const [ada, eve] = [new Desk(), await person('eve')];
    await ada.connect(origin);
    const shell = await shellOf(ada, 'knot.work');
    const window = await new TerminalWindow(origin.url, origin.api, work.id).open();
    const before = await hostKey(origin.api);
    await give('transfer', work, eve, 'eve');
    expect(await shell.ended).not.toBe(0);
    await eventually(() => window.closed, Boolean, { ...SOON, what: 'the terminal to be cut' });
    await eve.api.phase(work.id, 'Stopped', SOON);
    await eve.api.wish(work.id, 'start');
    await eve.api.phase(work.id, 'Running', SOON);
    await agentJoined(eve, work.id);
    await eve.desk.connect(origin, { ...ADMINISTRATOR, username: 'eve' });
    expect(await eve.desk.ssh(['knot.work', 'cat'], 'mine now')).toMatchObject({ code: 0, stdout: 'mine now' });
    const after = await hostKey(eve.api);
    expect([before, after]).toEqual(Array(2).fill(expect.stringMatching(/^ssh-ed25519 /)));
    expect(after).not.toBe(before);
    expect((await ada.ssh(['knot.work', 'true'])).stderr).toContain('There is no such space');
  }, 300_000);
});
