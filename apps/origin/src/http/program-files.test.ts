import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { TestOrigin } from '../testing/test-origin.js';

const ZIP = '/agents/knot_agent_linux_amd64.zip';
/** What a proxy that ends TLS adds. */
const THROUGH_PROXY = { 'x-forwarded-for': '192.0.2.7', 'x-forwarded-proto': 'https' };
let test: TestOrigin;

afterEach(() => test.close());

describe('programs', () => {
  it('are two zips with their digests and nothing else, for whoever asks on this machine', async () => {
    test = await TestOrigin.open();
    for (const path of ['/agents/knot.yaml', '/agents/..%2f..%2fpackage.json', '/agents/']) {
      expect((await test.ask('GET', path)).status).toBe(404);
    }
    expect((await test.ask('GET', '/agents/knot.yaml')).body).toMatchObject({
      code: 'resource.not_found',
      hint: expect.stringContaining('knot_agent_linux_arm64.zip'),
    });
    expect((await test.ask('HEAD', ZIP)).status).not.toBe(403);
  });

  it('go to other machines over HTTPS only, which a proxy says that is trusted', async () => {
    test = await TestOrigin.open();
    const { status, body } = await test.ask('HEAD', ZIP, { headers: THROUGH_PROXY });
    expect({ status, body }).toEqual({ status: 403, body: '' });
    await test.close();
    test = await TestOrigin.open({ KNOT_TRUSTED_PROXIES: '127.0.0.1' });
    expect((await test.ask('HEAD', ZIP, { headers: THROUGH_PROXY })).status).not.toBe(403);
    const plain = { ...THROUGH_PROXY, 'x-forwarded-proto': 'http' };
    expect((await test.ask('GET', ZIP, { headers: plain })).body).toMatchObject({ code: 'access.denied' });
  });

  it('are the command line too, behind what the folder of the configuration has', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'knot-downloads-'));
    await writeFile(join(folder, 'notes.txt'), 'of our own');
    test = await TestOrigin.open({ KNOT_DOWNLOAD_PATH: folder });
    const own = await fetch(`${test.url}/download/notes.txt`);
    expect([own.status, await own.text()]).toEqual([200, 'of our own']);
    expect((await test.ask('GET', '/download/knot.zip')).body).toMatchObject({
      code: 'resource.not_found',
      hint: expect.stringContaining('knot_<linux|darwin|windows>_<amd64|arm64>.zip'),
    });
    expect((await test.ask('HEAD', '/download/knot_linux_amd64.zip')).status).not.toBe(403);
    expect((await test.ask('GET', '/download/..%2f..%2fpackage.json')).status).toBe(404);
    await rm(folder, { recursive: true });
  });
});
