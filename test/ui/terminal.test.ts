import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { AGENT } from '../tools/agent.js';
import { newPerson, type Person } from '../tools/browser.js';
import { locationReady, startLeaf, startOrigin, type Leaf, type Origin } from '../tools/cluster.js';
import { eventually } from '../tools/eventually.js';
import { freePort } from '../tools/ports.js';
import { freshFolder } from '../tools/processes.js';
import { agentJoined } from '../tools/ssh.js';
import { enter as signIn } from '../tools/sign-in-page.js';
import { TerminalPage } from '../tools/terminal-page.js';
import { violations } from './axe.js';

const SOON = { timeout: 60_000, interval: 200 };
const JOB = `command: ["${process.execPath}", "${AGENT}", "agent"]\n`;

let origin: Origin;
let leaf: Leaf;
let ada: Person;
let view: TerminalPage;
let space: string;
let home: string;

beforeAll(async () => {
  // drawn by elements, which can be read
  origin = await startOrigin({ config: { 'server.terminal': { webgl: false } } });
  const spaces = freshFolder('spaces');
  const listenAgent = `127.0.0.1:${await freePort()}`;
  const config = { 'server.local.path': spaces, 'server.listen_agent': listenAgent };
  leaf = await startLeaf(origin, { location: 'lon', local: true, config });
  await locationReady(origin, 'lon', 'local');
  const { api } = origin;
  const template = await api.createTemplate({ name: 'shell', platform: 'local', job: JOB });
  ({ id: space } = await api.createSpace('work', template.id, 'lon'));
  home = join(spaces, space);
  await api.wish(space, 'start');
  await api.phase(space, 'Running');
  ada = await newPerson(origin);
  view = new TerminalPage(ada.page);
  await signIn(ada);
});

const screenText = () => view.text();
const shows = (text: string) => view.shows(text);
const enter = (command: string) => view.enter(command);
const is = (state: string) => view.is(state);

const written = (name: string) =>
  eventually(
    () => readFileSync(join(home, name), 'utf8'),
    (text) => text.endsWith('\n'),
    { ...SOON, what: name },
  );

/** As the shell has it. */
async function columns(): Promise<number> {
  await enter('stty size > size3; sync');
  return Number((await written('size3')).trim().split(' ')[1]);
}

describe('a terminal in the browser', () => {
  it('is opened from the page of its space, typed into and read back, in any letters', async () => {
    await view.open(space);
    await enter('echo answer-$((40+2))-grüße-日本');
    await shows('answer-42-grüße-日本');
    expect(await ada.page.evaluate(() => document.styleSheets.length)).toBeGreaterThan(0);
    expect(ada.faults).toEqual([]);
  });

  it('tells the shell its size, and no secret of the agent', async () => {
    await ada.page.setViewportSize({ width: 700, height: 600 });
    await enter('stty size > size; env > env; sync');
    const [rows, columns] = (await written('size')).trim().split(' ').map(Number);
    expect(columns).toBeLessThan(90);
    expect(rows).toBeGreaterThan(10);
    await ada.page.setViewportSize({ width: 1280, height: 860 });
    await eventually(
      async () => {
        await enter('stty size > size2');
        return Number((await written('size2')).trim().split(' ')[1]);
      },
      (now) => now > (columns ?? 0),
      { ...SOON, interval: 1_000, what: 'a wider terminal' },
    );
    expect(await written('env')).not.toContain('KNOT_JOIN_SECRET');
  });

  it('is the same shell after its leaf was killed, and what was typed meanwhile arrives once', async () => {
    await enter('KEPT=from-before');
    await leaf.process.kill();
    await is('away');
    await enter('echo "typed-while-away $KEPT" >> log');
    leaf = await leaf.restart();
    await is('connected');
    expect(await written('log')).toBe('typed-while-away from-before\n');
    await enter('for i in $(seq 20000); do echo line-$i; done; echo done-$((1+1))');
    await shows('done-2');
    await shows('line-20000');
  });

  it('is the same shell after the page was loaded again, with what it had shown', async () => {
    await ada.page.reload();
    await is('connected');
    await shows('done-2');
    await ada.page.locator('.xterm-screen').click();
    await enter('echo "still-$KEPT"');
    await shows('still-from-before');
    expect(existsSync(join(home, 'log'))).toBe(true);
  });

  it('is searched by the keyboard alone, upwards from its end', async () => {
    await ada.page.keyboard.press('Control+Shift+F');
    await ada.page.keyboard.type('line-19');
    const search = ada.page.getByRole('search', { name: 'Search the terminal' });
    const found = () => search.getByText(/ of /).innerText();
    await ada.page.keyboard.type('99');
    await eventually(found, (text) => /^(\d+) of \1$/.test(text), { ...SOON, what: 'the last of those that hold it' });
    const [count = 0] = (await found()).split(' ').map(Number);
    await ada.page.keyboard.press('Enter');
    await search.getByText(`${count - 1} of ${count}`).waitFor();
    await ada.page.keyboard.type('nowhere');
    await search.getByText('Not there').waitFor();
    await ada.page.keyboard.press('Escape');
    await enter('echo back-in-$((3+4))');
    await shows('back-in-7');
    expect(ada.faults).toEqual([]);
  });

  it('is searched where one line takes a thousand rows', async () => {
    await enter(`printf 'far-away %0300000d near-by\\n' 0; echo long-$((5+5))`);
    await shows('long-10');
    await ada.page.keyboard.press('Control+Shift+F');
    const search = ada.page.getByRole('search', { name: 'Search the terminal' });
    await ada.page.keyboard.type('not there at all');
    await search.getByText('Not there').waitFor();
    await ada.page.keyboard.press('Control+A');
    await ada.page.keyboard.type('0 near-by');
    await search.getByText('1 of 1').waitFor();
    await ada.page.keyboard.press('Control+A');
    await ada.page.keyboard.type('far-away 0');
    await search.getByText('1 of 1').waitFor();
    await shows('far-away');
    await ada.page.keyboard.press('Escape');
    await enter('clear');
  });

  it('has the colours of what is printed', async () => {
    await enter(`printf '\\033[31mred-%s\\033[0m \\033[38;2;1;2;3mtrue-%s\\033[0m\\n' one two`);
    await shows('red-onetrue-two');
    const colourOf = (text: string) =>
      ada.page.evaluate((wanted) => {
        const spans = [...document.querySelectorAll('.xterm-rows span')];
        const span = spans.findLast(({ textContent }) => textContent?.trim() === wanted);
        return span ? getComputedStyle(span).color : '';
      }, text);
    expect(await colourOf('true-two')).toBe('rgb(1, 2, 3)');
    const [red = 0, green = 0, blue = 0] = (await colourOf('red-one')).match(/\d+/g)?.map(Number) ?? [];
    expect([red > 150, green < 80, blue < 80]).toEqual([true, true, true]);
  });

  it('takes an emoji for as wide as a shell does, which else edits its line in the wrong place', async () => {
    const asked = String.raw`printf "\r\360\237\230\200\033[6n"; IFS= read -rsdR at; echo; echo "$at" | cut -d ";" -f 2 > column`;
    await enter(`bash -c '${asked}'`);
    expect(await written('column')).toBe('3\n');
  });

  it('takes what is pasted as it is, and runs it only at a word; copies what is selected', async () => {
    await ada.context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await enter(`PS1='ready '; clear`);
    await shows('ready');
    await ada.page.evaluate(() => navigator.clipboard.writeText('echo a\necho pasted-$((1+1))-ü'));
    await ada.page.keyboard.press('Control+Shift+V');
    await shows('pasted-$((1+1))-ü');
    expect((await screenText()).replaceAll(/\s/g, '')).not.toContain('pasted-2');
    await ada.page.keyboard.press('Enter');
    await shows('pasted-2-ü');
    const line = ada.page.locator('.xterm-rows > div').filter({ hasText: /^pasted-2-ü/ });
    const box = await line.boundingBox();
    await ada.page.mouse.click((box?.x ?? 0) + 20, (box?.y ?? 0) + (box?.height ?? 0) / 2, { clickCount: 3 });
    await ada.page.keyboard.press('Control+Shift+C');
    await eventually(
      () => ada.page.evaluate(() => navigator.clipboard.readText()),
      (text) => text.trim() === 'pasted-2-ü',
      { ...SOON, what: 'the line on the clipboard' },
    );
  });

  it('opens a link in a window of its own, which learns nothing of this one', async () => {
    await enter(`clear; echo "${'x'.repeat(20)} ${origin.url}/livez"`);
    const line = ada.page.locator('.xterm-rows > div').filter({ hasText: /^x{20} http/ });
    await line.waitFor();
    const box = await line.boundingBox();
    const letter = (await ada.page.locator('.xterm-rows').evaluate((rows) => rows.clientWidth)) / (await columns());
    const [x, y] = [(box?.x ?? 0) + letter * 25, (box?.y ?? 0) + (box?.height ?? 0) / 2];
    await ada.page.mouse.move(x - 5, y);
    await ada.page.mouse.move(x, y, { steps: 5 });
    await ada.page.locator('.xterm-cursor-pointer').waitFor();
    const [opened] = await Promise.all([ada.context.waitForEvent('page'), ada.page.mouse.click(x, y)]);
    await opened.waitForURL(`${origin.url}/livez`);
    expect(await opened.evaluate(() => [window.opener === null, document.referrer])).toEqual([true, '']);
    await opened.close();
  });

  it('runs nothing of what a program writes, and takes no title from it', async () => {
    const title = await ada.page.title();
    const hostile = `<img src=x onerror="document.title=1">`;
    await enter(`printf '\\033]0;%s\\007\\033]2;%s\\007%s-seen\\n' '${hostile}' '${hostile}' '${hostile}'`);
    await shows(`${hostile.replaceAll(' ', '')}-seen`);
    expect(await ada.page.locator('img[src=x]').count()).toBe(0);
    expect(await ada.page.title()).toBe(title);
    expect(ada.faults).toEqual([]);
  });

  it('is one of several, and says with what its shell ended', async () => {
    await ada.page.getByRole('button', { name: 'New terminal' }).click();
    await eventually(
      () => ada.page.locator('[data-terminal-state=connected]').count(),
      (count) => count === 2,
      { ...SOON, what: 'two terminals' },
    );
    const second = ada.page.locator('[data-terminal-state]:not([hidden])');
    await second.locator('.xterm-screen').click();
    await enter('echo "other-$KEPT-"');
    await eventually(
      () => second.locator('.xterm-rows').innerText(),
      (text) => text.includes('other--'),
      SOON,
    );
    await ada.page.getByText('Terminal 1', { exact: true }).click();
    await enter('echo "$KEPT" > first');
    expect(await written('first')).toBe('from-before\n');
    await ada.page.getByText('Terminal 2', { exact: true }).click();
    await enter('exit 3');
    await eventually(
      () => second.locator('.xterm-rows').innerText(),
      (text) => text.includes('ended with code 3'),
      SOON,
    );
  });

  it('is found again from another window, which it goes on in, and ended from the list', async () => {
    const { page } = ada;
    await page.reload();
    await is('connected');
    const other = await ada.context.newPage();
    await other.goto(`/spaces/${space}`);
    const list = other.getByRole('region', { name: 'Your terminals' });
    await list
      .getByRole('link', { name: /^Open / })
      .first()
      .click({ timeout: 60_000 });
    await other.locator('[data-terminal-state=connected]').waitFor({ timeout: 60_000 });
    await other.locator('.xterm-screen').click();
    await other.keyboard.type('echo "here-$KEPT"');
    await other.keyboard.press('Enter');
    const read = () => other.locator('.xterm-rows').innerText();
    await eventually(read, (text) => text.includes('here-from-before'), { ...SOON, what: 'the shell of before' });
    await page.getByText('This terminal goes on in another window.').waitFor({ timeout: 60_000 });
    expect(new URL(other.url()).search).toBe('');
    await other.goto(`/spaces/${space}`);
    await list
      .getByRole('button', { name: /^End the terminal with/ })
      .first()
      .click();
    const asking = other.getByRole('dialog');
    await asking.getByText('what runs in it ends').waitFor();
    await asking.getByRole('button', { name: 'End' }).click();
    await list.getByText('None is open.').waitFor({ timeout: 60_000 });
    const { items } = await origin.api.request<{ items: unknown[] }>('GET', `/spaces/${space}/terminals`);
    expect(items).toEqual([]);
    await other.close();
    await page.getByRole('button', { name: 'New terminal' }).click();
    await is('connected');
  });

  it('has the keys on a phone that its keyboard lacks', async () => {
    const phone = await newPerson({ url: origin.url, viewport: { width: 390, height: 844 }, hasTouch: true });
    await signIn(phone);
    const there = new TerminalPage(phone.page);
    await there.open(space);
    const press = (name: string) => phone.page.getByRole('button', { name, exact: true }).tap();
    await phone.page.locator('.xterm-screen').tap();
    await there.enter('sleep 1000; echo no-$((1+1))');
    await press('Ctrl C');
    await there.enter('echo yes-$((1+1))');
    await there.shows('yes-2');
    expect(await there.text()).not.toContain('no-2');
    await press('Up');
    await phone.page.keyboard.press('Enter');
    await eventually(
      async () => (await there.text()).match(/^yes-2/gm)?.length,
      (times) => times === 2,
      { ...SOON, what: 'the line of before once more' },
    );
    expect(await violations(phone.page)).toEqual([]);
    await phone.context.close();
  });

  it('is cut when its space is stopped, and there again when that is started where it is missed', async () => {
    await origin.api.wish(space, 'stop');
    await ada.page.locator('[data-terminal-state=away]').first().waitFor({ timeout: 60_000, state: 'attached' });
    await ada.page.getByText('does not run. Start it first.').waitFor();
    await origin.api.phase(space, 'Stopped');
    await ada.page.getByRole('button', { name: /^Start / }).click();
    await is('connected');
    await ada.page.locator('[data-terminal-state=connected]').getByText('the shell from before is gone').waitFor();
    await origin.api.wish(space, 'stop');
    await origin.api.phase(space, 'Stopped');
  });
});

describe('a terminal that is drawn by WebGL', () => {
  it('is typed into and read back, and drawn by elements once its context is lost', async () => {
    await origin.process.terminate();
    origin = await origin.reconfigured({ 'server.terminal': { webgl: true } });
    await locationReady(origin, 'lon', 'local');
    await origin.api.wish(space, 'start');
    await agentJoined(origin, space);
    const { page } = ada;
    await page.evaluate(() => sessionStorage.clear());
    await view.open(space);
    await page.locator('.xterm-screen canvas').first().waitFor();
    const picture = () => page.locator('.xterm-screen').screenshot();
    const before = await picture();
    await enter('echo drawn-$((40+2)) | tee drawn');
    expect(await written('drawn')).toBe('drawn-42\n');
    await page.keyboard.press('Control+Shift+F');
    await page.keyboard.type('drawn-42');
    await page.getByRole('search', { name: 'Search the terminal' }).getByText('1 of 1').waitFor();
    expect((await picture()).equals(before)).toBe(false);
    await page.keyboard.press('Escape');
    await page.evaluate(() => {
      for (const canvas of document.querySelectorAll('canvas')) {
        canvas.getContext('webgl2')?.getExtension('WEBGL_lose_context')?.loseContext();
      }
    });
    await shows('drawn-42');
    expect(ada.faults).toEqual([]);
  });
});

// in the end: what it prints is much to draw again
it('a terminal says how much was lost where more was printed than is kept while it was away', async () => {
  const much = 'yes $(printf %0${COLUMNS}d 0) | head -n 25000; echo all-$((1+1)); echo done > printed';
  await enter(`clear; echo begun-$((0+1)); until [ -e gate ]; do sleep 0.2; done; ${much}`);
  await shows('begun-1');
  await leaf.process.kill();
  await is('away');
  writeFileSync(join(home, 'gate'), '');
  expect(await written('printed')).toBe('done\n');
  leaf = await leaf.restart();
  await is('connected');
  await shows('all-2');
  await ada.page.keyboard.press('Control+Shift+F');
  await ada.page.keyboard.type('bytes of output are lost');
  await ada.page.getByRole('search', { name: 'Search the terminal' }).getByText('1 of 1').waitFor();
  await ada.page.keyboard.press('Escape');
});
