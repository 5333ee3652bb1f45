import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { AGENT } from '../tools/agent.js';
import { locationReady, startLeaf, startOrigin } from '../tools/cluster.js';
import { eventually } from '../tools/eventually.js';
import { installedPrograms } from '../tools/other-version.js';
import { freePort } from '../tools/ports.js';
import { freshFolder, KNOT } from '../tools/processes.js';
import { agentJoined, Desk, sha256Of } from '../tools/ssh.js';
import { TerminalWindow } from '../tools/terminal-window.js';

const SOON = { timeout: 60_000, interval: 200 };
const MIB = 1024 * 1024;

/** Which are of the version before; what is left is of this one. */
const BEFORE = ['origin', 'leaf', 'agent', 'origin leaf', 'origin agent', 'leaf agent'];

it.each(BEFORE)('people get into a space and stay in where of the version before are: %s', async (before) => {
  const old = before.split(' ');
  const older = installedPrograms();
  const serverOf = (who: string) => (old.includes(who) ? older.server : KNOT);
  let origin = await startOrigin({ program: serverOf('origin') });
  const config = {
    'server.local.path': freshFolder('spaces'),
    'server.listen_agent': `127.0.0.1:${await freePort()}`,
  };
  let leaf = await startLeaf(origin, { location: 'lon', local: true, config, program: serverOf('leaf') });
  await locationReady(origin, 'lon', 'local');

  const { api } = origin;
  const job = `command: ["${process.execPath}", "${old.includes('agent') ? older.agent : AGENT}", "agent"]`;
  const template = await api.createTemplate({ name: 'shell', platform: 'local', job });
  const { id } = await api.createSpace('work', template.id, 'lon');
  await api.wish(id, 'start');
  await agentJoined(origin, id);

  const terminal = new TerminalWindow(origin.url, api, id);
  await terminal.openSoon();
  terminal.type('kept=yes; echo "at $$ fir"st\n');
  const [, shell] = /at (\d+) first/.exec(await terminal.hears(/at \d+ first/)) ?? [];
  await copies();
  const goesOn = async (word: string) => {
    await eventually(() => terminal.closed, Boolean, { ...SOON, what: 'the terminal to lose its way' });
    await terminal.openSoon();
    terminal.type(`echo "at $$ $kept" ${word}\n`);
    await terminal.hears(`at ${shell} yes ${word}`);
  };
  if (old.includes('origin')) {
    await origin.process.terminate();
    origin = await origin.restart({}, KNOT);
    await goesOn('origin');
  }
  if (old.includes('leaf')) {
    await leaf.process.terminate();
    leaf = await leaf.restart({}, KNOT);
    await goesOn('leaf');
  }
  await copies();
  expect(leaf.process.isRunning()).toBe(true);

  async function copies(): Promise<void> {
    const desk = new Desk();
    await desk.connect(origin);
    const file = desk.file('file', randomBytes(8 * MIB));
    const [there, back] = [join(desk.home, 'there'), join(desk.home, 'back')];
    await desk.must(desk.run('scp', ['-F', desk.config, file, `knot.work:${there}`]));
    await desk.must(desk.run('scp', ['-F', desk.config, `knot.work:${there}`, back]));
    expect(await sha256Of(back)).toBe(await sha256Of(file));
  }
});
