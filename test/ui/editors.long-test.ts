import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { AGENT } from '../tools/agent.js';
import { startAppLeaf } from '../tools/app-space.js';
import { newPerson, type Person } from '../tools/browser.js';
import { startOrigin, type Origin } from '../tools/cluster.js';
import { eventually } from '../tools/eventually.js';
import { codeServer } from '../tools/npm-part.js';
import { freePort } from '../tools/ports.js';
import { freshFolder } from '../tools/processes.js';
import { agentJoined } from '../tools/ssh.js';
import { enter } from '../tools/sign-in-page.js';

const LONG = { timeout: 180_000, interval: 500 };
const TUNNEL = 'https://vscode.dev/tunnel/knot-work/home/ada';
const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND', 'REPORT'];
/** What Debian has of a desktop as a web page. */
const DESKTOP = {
  websockify: '/usr/bin/websockify',
  'tigervnc-standalone-server': '/usr/bin/Xtigervnc',
  novnc: '/usr/share/novnc',
};

let origin: Origin;
let ada: Person;
let space: string;
let home: string;
let ports: Readonly<Record<'code' | 'desk' | 'vnc' | 'echo', number>>;

beforeAll(async () => {
  const editor = await codeServer();
  for (const [name, path] of Object.entries(DESKTOP)) {
    if (!existsSync(path)) throw new Error(`${path} is missing: apt-get install ${name}`);
  }
  ports = { code: await freePort(), desk: await freePort(), vnc: await freePort(), echo: await freePort() };
  origin = await startOrigin({ tls: true, config: { 'server.wildcard_domain': '*.knot-apps.test' } });
  const spaces = freshFolder('spaces');
  await startAppLeaf(origin, { config: { 'server.local.path': spaces } });
  const job = `
command: ["${process.execPath}", "${AGENT}", "agent"]
env:
  KNOT_CODE_SERVER_PORT: ${ports.code}
  KNOT_VNC_HTTP_PORT: ${ports.desk}
  KNOT_START_SCRIPT: ${imageScript(editor)}
  KNOT_VSCODE_TUNNEL: "on"
  PATH: "${folderOfCode()}:${process.env['PATH']}"
  KNOT_LOGS_PORT: 0
  KNOT_SYSLOG_PORT: 0
  DESKTOP_PASSWORD: "\${{ .user.service_password }}"
`;
  const template = await origin.api.createTemplate({ name: 'desk', platform: 'local', job });
  ({ id: space } = await origin.api.createSpace('work', template.id, 'lon'));
  home = join(spaces, space);
  await origin.api.wish(space, 'start');
  await agentJoined(origin, space);
  ada = await newPerson({ url: origin.url, ignoreHTTPSErrors: true });
}, 900_000);

/** As an image starts them, once the test says so. */
function imageScript(editor: string): string {
  const path = join(freshFolder('image'), 'start.sh');
  const echo = `require('http').createServer((q, a) => a.setHeader('x-method', q.method).end()).listen(${ports.echo}, '127.0.0.1')`;
  const text = `#!/bin/sh
until [ -e go ]; do sleep 0.5; done
"${process.execPath}" -e "${echo}" &
"${process.execPath}" ${editor} --auth none --bind-addr 127.0.0.1:${ports.code} --disable-telemetry --disable-update-check \\
  --disable-workspace-trust --user-data-dir "$HOME/editor" "$HOME/work" &
Xtigervnc :${100 + (ports.vnc % 800)} -SecurityTypes None -localhost -rfbport ${ports.vnc} -geometry 800x600 &
websockify --web ${DESKTOP.novnc} --web-auth --auth-plugin BasicHTTPAuth --auth-source "knot:$DESKTOP_PASSWORD" \\
  127.0.0.1:${ports.desk} 127.0.0.1:${ports.vnc} &
wait
`;
  writeFileSync(path, text, { mode: 0o755 });
  return path;
}

/** Where something stands for the vendor's program, whose service cannot be had here: it says what that says. */
function folderOfCode(): string {
  const folder = freshFolder('code');
  const text = `#!/bin/sh\necho 'Open this link in your browser ${TUNNEL}'\nexec sleep 100000\n`;
  writeFileSync(join(folder, 'code'), text, { mode: 0o755 });
  return folder;
}

/** By the button of the space's page. */
async function opened(name: RegExp): Promise<Page> {
  const coming = ada.context.waitForEvent('page');
  await ada.page.getByRole('link', { name }).click({ timeout: LONG.timeout });
  return coming;
}

describe('an editor and a desktop in a space', () => {
  it('are shown once the agent has seen them, and not before', async () => {
    await enter(ada);
    await ada.page.goto(`/spaces/${space}`);
    await ada.page.getByRole('link', { name: 'Terminal' }).waitFor();
    expect(await ada.page.getByRole('link', { name: /^Open (Editor|Desktop)/ }).count()).toBe(0);
    mkdirSync(join(home, 'work'));
    writeFileSync(join(home, 'work', 'notes.txt'), 'kept in the space\n');
    writeFileSync(join(home, 'go'), '');
    await ada.page.getByRole('link', { name: /^Open Editor/ }).waitFor(LONG);
    await ada.page.getByRole('link', { name: /^Open Desktop/ }).waitFor(LONG);
    const { ports: told } = await origin.api.space(space);
    expect(told.map(({ kind }) => kind).toSorted()).toEqual(['code-server', 'desktop']);
    expect(told.map(({ address }) => new URL(address).hostname.split('.')[0]).toSorted()).toEqual([
      'ada--work--code-server',
      'ada--work--vnc',
    ]);
  });

  it('code-server edits a file of the space in Chromium', async () => {
    const editor = await opened(/^Open Editor/);
    await editor.locator('.monaco-workbench').waitFor({ timeout: LONG.timeout });
    await editor.getByText('notes.txt').first().dblclick({ timeout: LONG.timeout });
    await editor.locator('.view-lines').getByText('kept').waitFor({ timeout: LONG.timeout });
    await editor.locator('.view-lines').first().click();
    await editor.keyboard.press('Control+Home');
    await editor.keyboard.type('typed ');
    await editor.keyboard.press('Control+S');
    await eventually(
      () => readFileSync(join(home, 'work', 'notes.txt'), 'utf8'),
      (text) => text === 'typed kept in the space\n',
      { ...LONG, what: 'the file to be saved' },
    );
    // through its own proxy of ports, so that it and knot both pass them on
    const said = await editor.evaluate(
      async ([port, methods]) => {
        const answers = methods.map((method) => fetch(`/proxy/${port}/any`, { method }));
        return (await Promise.all(answers)).map(({ headers }) => headers.get('x-method'));
      },
      [ports.echo, METHODS] as const,
    );
    expect(said).toEqual(METHODS);
    await editor.close();
  });

  it('noVNC shows the desktop, signed in with the password of the space, which no browser is told', async () => {
    const desktop = await opened(/^Open Desktop/);
    await desktop.waitForURL(/--vnc\./, { timeout: LONG.timeout });
    await desktop.goto(`${new URL('/vnc.html?autoconnect=true&resize=off', desktop.url()).href}`);
    await desktop.locator('html.noVNC_connected').waitFor({ state: 'attached', timeout: LONG.timeout });
    const size = await desktop
      .locator('canvas')
      .evaluate((canvas) => canvas instanceof HTMLCanvasElement && canvas.width);
    expect(size).toBe(800);
    // straight to it, without what knot adds
    expect((await fetch(`http://127.0.0.1:${ports.desk}/vnc.html`)).status).toBe(401);
    await desktop.close();
  });

  it('VS Code in the browser is a button to the address of its tunnel', async () => {
    const button = ada.page.getByRole('link', { name: /^Open VS Code in the browser/ });
    await button.waitFor(LONG);
    expect(await button.getAttribute('href')).toBe(TUNNEL);
    expect(await button.getAttribute('rel')).toBe('noopener noreferrer');
  });

  it('lets nobody in who is not signed in', async () => {
    const stranger = await newPerson({ url: origin.url, ignoreHTTPSErrors: true });
    const { ports: told } = await origin.api.space(space);
    for (const { address } of told) {
      await stranger.page.goto(address);
      await stranger.page.locator('input[name=password]').waitFor();
    }
  });
});
