import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CliOrigin, PASSWORD, type RunCli } from '../testing/cli-origin.js';

let origin: CliOrigin;
let ann: RunCli;

const FORMER = 'the-former-key-of-the-tests';
const PRESENT = 'the-present-key-of-the-tests';
const env: Record<string, string> = {};

beforeEach(async () => {
  Object.assign(env, { KNOT_ENCRYPT: FORMER, KNOT_ENCRYPT_KEYS: '' });
  origin = await CliOrigin.open(env);
  ann = await origin.administrator();
});

afterEach(() => origin.close());

const config = () => {
  const { folder } = origin.test;
  const keys = `encrypt: "${env['KNOT_ENCRYPT']}", encrypt_keys: [${env['KNOT_ENCRYPT_KEYS']}]`;
  const text = `server: { listen: "http://127.0.0.1:3000", location: home, data_path: "${folder}", ${keys} }`;
  return { [join(folder, 'knot.yaml')]: text, [join(folder, 'pass')]: 'a long passphrase' };
};

const admin = (args: readonly string[], input = '') =>
  ann(['admin', ...args, '--config', join(origin.test.folder, 'knot.yaml')], { files: config(), input });

describe('knot admin', () => {
  it('gives a user another password, while no server has the store open, and ends what the old one had begun', async () => {
    const before = await origin.test.signIn('ann');
    expect((await admin(['set-password', 'ann'], 'another long one\n')).stderr).toContain('has');
    await origin.test.origin.close();
    expect(await admin(['set-password', 'nobody'], 'another long one\n')).toMatchObject({ code: 4 });
    expect(await admin(['set-password', 'ann'], 'short\n')).toMatchObject({ code: 2 });
    expect(await admin(['set-password', 'ann'], 'another long one\n')).toMatchObject({ code: 0, stdout: '' });
    await origin.test.start();
    await expect(origin.test.signIn('ann', PASSWORD)).rejects.toThrow('auth.failed');
    await origin.test.signIn('ann', 'another long one');
    expect((await before('GET', '/api/v1/me')).status).toBe(401);
  });

  it('makes a backup of a running origin that cannot be read, nor put back, without its passphrase', async () => {
    const { folder } = origin.test;
    const before = await origin.test.signIn('ann');
    const file = join(folder, 'backup');
    const passphrase = ['--passphrase-file', join(folder, 'pass')];
    expect(await admin(['backup', file, ...passphrase])).toMatchObject({ code: 0 });
    expect(await admin(['check', '--json'])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('"broken": []'),
    });
    await origin.test.origin.close();
    expect((await admin(['restore', file, '--replace'])).stderr).toContain('is encrypted');
    expect((await admin(['restore', file, ...passphrase])).stderr).toContain('--replace');
    expect(await admin(['restore', file, '--replace', ...passphrase])).toMatchObject({ code: 0 });
    await origin.test.start();
    expect((await before('GET', '/api/v1/me')).status).toBe(401);
    expect(origin.test.lines.join()).toContain('put back from a backup');
  });

  it('seals everything anew with the first key, after which the former one may go', async () => {
    await ann(['variables', 'set', 'password', '--protected'], { input: 'a protected one' });
    await origin.test.origin.close();
    Object.assign(env, { KNOT_ENCRYPT: PRESENT });
    expect(await admin(['rekey'])).toMatchObject({ code: 2, stderr: expect.stringContaining('encrypt') });
    Object.assign(env, { KNOT_ENCRYPT_KEYS: FORMER });
    const done = await admin(['rekey']);
    expect(done).toMatchObject({ code: 0, stderr: expect.stringMatching(/[1-9]\d* values were sealed anew/) });
    Object.assign(env, { KNOT_ENCRYPT_KEYS: '' });
    await origin.test.start();
    const again = await origin.test.signIn('ann');
    expect((await again('GET', '/api/v1/variables')).body.items).toMatchObject([{ name: 'password', protected: true }]);
  });

  it('migrates nothing beforehand where the store is a file of the origin itself', async () => {
    expect(await admin(['migrate'])).toMatchObject({ code: 5, stderr: expect.stringContaining('only a database') });
  });
});
