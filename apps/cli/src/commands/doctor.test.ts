import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ownCertificate } from '@knot/link';
import { systemClock } from '@knot/shared/config';
import { apiFinding, clockFinding, trustFinding } from '../doctor/findings-of.js';
import { DOCTOR_CODES, type Finding } from '../doctor/finding.js';
import { CliOrigin, PASSWORD, type RunCli } from '../testing/cli-origin.js';

let origin: CliOrigin;
let ann: RunCli;
beforeAll(async () => {
  origin = await CliOrigin.open();
  ann = await origin.administrator();
});
afterAll(() => origin.close());

const found = (stdout: string): readonly Finding[] => JSON.parse(stdout);
const codes = (stdout: string): string[] => found(stdout).map(({ code, severity }) => `${severity} ${code}`);

describe('knot doctor', () => {
  it('prints what it found from here, then every check that the server made of itself', async () => {
    const { code, stdout, stderr } = await ann(['doctor', '--json']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const told = (await (await origin.test.signIn('ann'))('GET', '/api/v1/health')).body.checks;
    expect(found(stdout).slice(5)).toEqual(told);
    expect(codes(stdout).slice(0, 5)).toEqual([
      'ok server.unreachable',
      'ok server.untrusted',
      'ok server.api-version',
      'ok client.clock-skew',
      'ok client.token',
    ]);
    const lines = (await ann(['doctor'])).stdout;
    expect(lines).toContain(`ok       server.unreachable  ${origin.url} answers.\n`);
    expect(lines).toContain("ok       client.token  The token is ann's and holds.\n");
    expect(lines).toContain('ok       store.silent  The store answers.\n');
  });

  it('names the location that is silent, with what to do and where it is written of', async () => {
    await origin.test.liveLocation('lon');
    origin.test.pass(31_000);
    const { code, stdout } = await ann(['doctor']);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^warning {2}location\.silent {2}No leaf of lon .*\n {9}.*lon.*\n {9}See docs\/guide\/health\.md#/m,
    );
  });

  it('ends with 1 when the server finds an error', async () => {
    const { store } = origin.test.origin;
    const now = await store.now();
    const put = { put: 'guard' as const, row: { id: 'tokens.suspended', touchedAt: now - 1_000 * 86_400_000 } };
    await store.commit({ expect: [], writes: [put], log: [] });
    const { code, stdout, stderr } = await ann(['doctor', '--json']);
    await store.commit({ expect: [], writes: [{ delete: 'guard', id: 'tokens.suspended' }], log: [] });
    expect(code).toBe(1);
    expect(codes(stdout)).toContain('error restore.not-accepted');
    expect(stderr).toContain('one check is an error');
  });

  it('says what it can to somebody who may not see the server', async () => {
    const admin = await origin.test.signIn('ann');
    await admin('POST', '/api/v1/users', { body: { username: 'bob', email: 'b@x.y', password: PASSWORD } });
    const bob = origin.as('bob');
    await bob(['connect', origin.url, '--username', 'bob'], { input: `${PASSWORD}\n` });
    const { code, stdout, stderr } = await bob(['doctor', '--json']);
    expect(code).toBe(0);
    expect(codes(stdout).at(-1)).toBe('ok client.token');
    expect(stderr).toContain('server.see');
  });

  it('says which token does not hold, never the token, and that there is none', async () => {
    const eve = origin.as('eve');
    const refused = await eve(['doctor', '--server', origin.url, '--token', 'knt_planted', '--json']);
    expect(refused.code).toBe(1);
    expect(found(refused.stdout).at(-1)).toMatchObject({
      ...{ code: 'client.token', severity: 'error', advice: expect.stringContaining('knot connect') },
    });
    expect(refused.stdout + refused.stderr).not.toContain('planted');
    const none = await eve(['doctor', '--server', origin.url]);
    expect(none).toMatchObject({ code: 1, stdout: expect.stringContaining('There is no token') });
  });

  it('says that no server is named, and that none answers', async () => {
    const eve = origin.as('eve');
    const unnamed = await eve(['doctor', '--json']);
    expect([unnamed.code, ...codes(unnamed.stdout)]).toEqual([1, 'error server.unnamed']);
    const dead = await eve(['doctor', '--server', 'http://127.0.0.1:1', '--json']);
    expect([dead.code, ...codes(dead.stdout)]).toEqual([1, 'error server.unreachable']);
  });

  it('tells a certificate that is not trusted from a server that is not there', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'knot-doctor-'));
    const server = createServer(await ownCertificate(folder, ['127.0.0.1'], Date.now()));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const { code, stdout } = await origin.as('eve')(['doctor', '--server', url, '--json']);
    await new Promise((resolve) => server.close(resolve));
    await rm(folder, { recursive: true });
    expect([code, ...codes(stdout)]).toEqual([1, 'error server.untrusted']);
    expect(found(stdout)[0]?.advice).toContain('NODE_EXTRA_CA_CERTS');
  });

  it('sees a clock of this machine that is wrong', async () => {
    const clock = { ...systemClock, now: () => Date.now() + 60_000 };
    const { code, stdout } = await ann(['doctor'], { change: { clock } });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^warning {2}client\.clock-skew {2}The clock of this machine is (59|60|61) s ahead of/m);
  });
});

describe('what the doctor concludes', () => {
  it.each([
    [10_500, 'ok'],
    [15_500, 'ok'],
    [15_501, 'warning'],
    [5_499, 'warning'],
  ])('from a clock of %d here and 10000 there is %s', (here, severity) => {
    expect(clockFinding({ server: 10_000, here })?.severity).toBe(severity);
  });

  it('from no time in the answer is nothing', () => {
    expect(clockFinding({ server: Number.NaN, here: 1 })).toBeNull();
  });

  it.each([
    ['https://knot.example.com', false, 'ok'],
    ['https://knot.example.com', true, 'warning'],
    ['http://knot.example.com', false, 'warning'],
    ['http://127.evil.example', false, 'warning'],
    ['http://localhost:3000', false, 'ok'],
    ['http://[::1]:3000', false, 'ok'],
  ])('of %s with tls_skip_verify %s is %s', (server, skipVerify, severity) => {
    expect(trustFinding(server, skipVerify).severity).toBe(severity);
  });

  it('of another API is an error that names the version to install', () => {
    expect(apiFinding('2', '3.1.0')).toMatchObject({ severity: 'error', advice: 'Install knot 3.1.0.' });
    expect(apiFinding('1', '3.1.0').severity).toBe('ok');
  });

  it('is written of in one section for each code, in the same order, and no other', () => {
    const page = readFileSync(new URL('../../../../docs/guide/health.md', import.meta.url), 'utf8');
    const part = page.split(/^## .*\n/m)[2] ?? '';
    expect([...part.matchAll(/^### (.+)$/gm)].map(([, code]) => code)).toEqual([...DOCTOR_CODES]);
  });
});
