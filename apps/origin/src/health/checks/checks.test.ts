import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ownCertificate } from '@knot/link';
import { describe, expect, it } from 'vitest';
import { backupCheck } from './backup-check.js';
import { certificateCheck, shownCertificate } from './certificate-check.js';
import { CHECK_CODES, documentationOf } from './check.js';
import { configChecks, type CheckedConfig } from './config-checks.js';
import { locationChecks, type CheckedLocation } from './location-checks.js';
import { urlCheck, wildcardChecks } from './outside-checks.js';
import { dataLossChecks, restoreCheck, storeChecks } from './store-checks.js';

const DAY = 86_400_000;
const NOW = Date.parse('2026-11-29T12:00:00Z');

describe('the store', () => {
  it('is an error when it does not answer, and then its clock is not spoken of', () => {
    expect(storeChecks(null)).toMatchObject([{ code: 'store.silent', severity: 'error' }]);
  });

  it.each([
    [0, 'ok', 'agree'],
    [2_000, 'ok', 'agree'],
    [2_001, 'warning', '2 s ahead of'],
    [-30_000, 'warning', '30 s behind'],
    [-30_001, 'error', '30 s behind'],
  ])('with a clock that is %d ms ahead is %s', (skew, severity, words) => {
    const [, clock] = storeChecks({ asked: NOW, told: NOW + skew });
    expect(clock).toMatchObject({ code: 'store.clock-skew', severity, sentence: expect.stringContaining(words) });
  });

  it('warns once for each thing that it says of how it keeps data', () => {
    expect(dataLossChecks([])).toMatchObject([{ severity: 'ok' }]);
    expect(dataLossChecks(['One.', 'Two.']).map(({ severity, sentence }) => [severity, sentence])).toEqual([
      ['warning', 'One.'],
      ['warning', 'Two.'],
    ]);
  });

  it('is an error while a restored database is not accepted, with the moment and the way', () => {
    expect(restoreCheck(0).severity).toBe('ok');
    const { severity, sentence, advice } = restoreCheck(NOW);
    expect(severity).toBe('error');
    expect(sentence).toContain('2026-11-29T12:00:00.000Z');
    expect(advice).toContain('restore/accept');
  });
});

describe('the configuration', () => {
  const safe: CheckedConfig = {
    ...{ url: 'https://knot.example.com', wildcardDomain: '*.apps.example.net:8443', appsUrl: '' },
    ...{ allowPlaintext: false, tlsSkipVerify: false, nameservers: [], backupMaxAge: 7, backupFile: null },
  };
  const warned = (change: Partial<CheckedConfig>) =>
    configChecks({ ...safe, ...change })
      .filter(({ severity }) => severity !== 'ok')
      .map(({ code }) => code);

  it('is well, or warns of what it leaves open', () => {
    expect(warned({})).toEqual([]);
    expect(warned({ wildcardDomain: '', url: 'http://localhost:3000' })).toEqual([]);
    expect(warned({ tlsSkipVerify: true })).toEqual(['tls.skip-verify']);
    expect(warned({ allowPlaintext: true })).toEqual(['tls.plaintext']);
  });

  it('warns when apps share the domain of the server, whatever port they have, and not of addresses', () => {
    expect(warned({ wildcardDomain: '*.apps.example.com:8443' })).toEqual(['domain.shared-with-apps']);
    expect(warned({ wildcardDomain: '*.example.com' })).toEqual(['domain.shared-with-apps']);
    const onOneHost = { wildcardDomain: '', appsUrl: 'https://apps.example.com' };
    expect(warned(onOneHost)).toEqual(['domain.shared-with-apps']);
    expect(warned({ ...onOneHost, appsUrl: 'https://apps.example.net:8443' })).toEqual([]);
    expect(warned({ url: 'https://10.0.0.1' })).toEqual([]);
    const british = { url: 'https://knot.one.co.uk' };
    expect(warned({ ...british, wildcardDomain: '*.two.co.uk' })).toEqual([]);
    expect(warned({ ...british, wildcardDomain: '*.apps.one.co.uk' })).toEqual(['domain.shared-with-apps']);
  });
});

describe('the certificate', () => {
  const check = (from: number, to: number, own = false) => certificateCheck({ from, to, own }, NOW);

  it.each([
    [-DAY, 15 * DAY, 'ok'],
    [-DAY, 14 * DAY, 'warning'],
    [-DAY, 0, 'error'],
    [1, 90 * DAY, 'error'],
  ])('that holds from now %d ms to %d ms is %s', (from, to, severity) => {
    expect(check(NOW + from, NOW + to)).toMatchObject({ code: 'tls.certificate-end', severity });
  });

  it('is made anew by the server or renewed by its administrator', () => {
    expect(check(NOW - DAY, NOW, true).advice).toContain('it makes a new one');
    expect(check(NOW - DAY, NOW).advice).toContain('server.tls');
  });

  it('is read from PEM', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'knot-certificate-'));
    try {
      const { cert } = await ownCertificate(folder, ['localhost'], NOW);
      expect(shownCertificate(cert, true)).toEqual({ from: NOW - DAY, to: NOW + 825 * DAY, own: true });
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

describe('the locations', () => {
  const location = (name: string, change: Partial<CheckedLocation> = {}): CheckedLocation => ({
    ...{ name, joined: true, live: true, leafVersion: '1.10.0', domain: '', platforms: [] },
    ...change,
  });
  const found = (...locations: CheckedLocation[]) =>
    locationChecks(locations, '1.10.0').map(({ code, severity, subject, advice }) => [code, severity, subject, advice]);
  const well = (code: string) => [code, 'ok', '', ''];

  it('are well when all are heard of, and when none has joined yet', () => {
    const codes = ['location.silent', 'location.leaf-version', 'location.platform', 'location.domain'];
    const all = codes.map(well);
    expect(found(location('lon'))).toEqual(all);
    expect(found(location('new', { joined: false, live: false, leafVersion: '' }))).toEqual(all);
    expect(found()).toEqual(all);
  });

  it('warn by name of each leaf that says a domain is its own which another one has', () => {
    const lon = location('lon', { domain: 'apps.example.net' });
    expect(found(lon, location('par', { domain: 'par.example.net' })).slice(3)).toEqual([well('location.domain')]);
    const evil = location('evil', { domain: 'apps.example.net' });
    expect(found(lon, { ...evil, live: false }).at(-1)).toEqual(well('location.domain'));
    const subjects = found(lon, evil)
      .slice(3)
      .map(([code, severity, subject]) => [code, severity, subject]);
    expect(subjects).toEqual(['lon', 'evil'].map((name) => ['location.domain', 'warning', name]));
  });

  const nomadAway = [{ platform: 'nomad', ready: false, message: 'Nomad does not answer.' }];
  const local = (ready: boolean) => ({ platform: 'local', ready, message: '' });

  it('warn by name of each that is silent, and say nothing else of it', () => {
    const ber = location('ber', { live: false, leafVersion: '1.9.0', platforms: nomadAway });
    expect(found(location('lon'), ber)).toEqual([
      ['location.silent', 'warning', 'ber', expect.stringContaining('ber')],
      well('location.leaf-version'),
      well('location.platform'),
      well('location.domain'),
    ]);
  });

  it('warn of platforms that cannot be used, in the words of the leaf, but of Nomad only where there is no other', () => {
    const said = (...platforms: CheckedLocation['platforms']) =>
      locationChecks([location('lon', { platforms })], '1.10.0')
        .filter(({ code, severity }) => code === 'location.platform' && severity !== 'ok')
        .map(({ subject, sentence }) => `${subject}: ${sentence}`);
    const nomad = 'lon: nomad at lon cannot be used: Nomad does not answer.';
    expect(said(...nomadAway)).toEqual([nomad]);
    expect(said(...nomadAway, local(false))).toEqual([nomad, 'lon: local at lon cannot be used.']);
    expect(said(...nomadAway, local(true))).toEqual([]);
    expect(said({ platform: 'nomad', ready: true, message: '' }, local(false))).toEqual([
      'lon: local at lon cannot be used.',
    ]);
  });

  it('say whether the leaf or the server is to be updated', () => {
    const differing = ['1.9.7', '1.10.1', '2.0', '1.10.0-rc.1', 'built-here'].map((leafVersion, index) =>
      location(`l${index}`, { leafVersion }),
    );
    expect(found(...differing).map(([, , , advice]) => advice)).toEqual([
      '',
      'Update the leaf of l0 to 1.10.0.',
      'Update this server to 1.10.1: the origin goes first.',
      'Update this server to 2.0: the origin goes first.',
      'Update the leaf of l3 to 1.10.0.',
      'Update the leaf of l4 to 1.10.0.',
      '',
      '',
    ]);
  });
});

describe('the documentation', () => {
  const page = readFileSync(new URL('../../../../../docs/guide/health.md', import.meta.url), 'utf8');
  const [, part = ''] = page.split(/^## .*\n/m);

  it('has one section for each code of the server, in the same order, and no other', () => {
    expect([...part.matchAll(/^### (.+)$/gm)].map(([, code]) => code)).toEqual([...CHECK_CODES]);
    expect(new Set(CHECK_CODES.map(documentationOf)).size).toBe(CHECK_CODES.length);
    expect(documentationOf('store.clock-skew')).toBe('docs/guide/health.md#storeclock-skew');
  });
});

describe('backups', () => {
  const check = (madeAt: number, installedAt: number, mostDays = 7) =>
    backupCheck({ madeAt, installedAt, mostDays }, NOW);

  it('are missed once there was none for a week, counted from the first day of what could be lost', () => {
    expect(check(0, NOW - 6 * DAY)).toMatchObject({ severity: 'ok', sentence: 'No backup was made yet.' });
    expect(check(NOW - 6 * DAY, NOW - 99 * DAY)).toMatchObject({ code: 'backup.age', severity: 'ok' });
    expect(check(0, NOW - 7 * DAY)).toMatchObject({
      severity: 'warning',
      sentence: expect.stringContaining('No backup was made yet: for 7 days'),
    });
    expect(check(NOW - 8 * DAY, NOW - 99 * DAY)).toMatchObject({
      severity: 'warning',
      sentence: expect.stringContaining('2026-11-21T12:00:00.000Z: for 8 days'),
      advice: expect.stringContaining('server.backup_max_age: 0'),
    });
  });

  it('are not missed where something else makes them', () => {
    expect(check(0, NOW - 99 * DAY, 0).severity).toBe('ok');
  });
});

describe('from outside', () => {
  const URL = 'https://knot.example.com';

  it('a wildcard domain is well when some name under it leads somewhere, or when there is none', () => {
    expect(wildcardChecks([])).toMatchObject([{ code: 'domain.wildcard', severity: 'ok' }]);
    const well = { subject: '', domain: 'apps.example.net', addresses: ['192.0.2.1'], trouble: '' };
    expect(wildcardChecks([well])).toMatchObject([
      { severity: 'ok', sentence: '*.apps.example.net leads to 192.0.2.1.' },
    ]);
    const lost = { subject: 'lon', domain: 'lon.example.net', addresses: [], trouble: 'there is no such name' };
    expect(wildcardChecks([well, lost])).toMatchObject([
      {
        severity: 'warning',
        subject: 'lon',
        advice: expect.stringContaining('*.lon.example.net that leads to the leaf of lon'),
      },
    ]);
  });

  it.each([
    [{ kind: 'machine' }, 'ok', 'this machine alone'],
    [{ kind: 'nobody', trouble: 'nobody listens there' }, 'warning', 'nobody listens there'],
    [{ kind: 'answer', status: 200, fingerprint: 'own' }, 'ok', 'leads to this server'],
    [{ kind: 'answer', status: 200, fingerprint: 'other' }, 'error', 'something else'],
    [{ kind: 'answer', status: 404, fingerprint: '' }, 'error', 'something else'],
    [{ kind: 'answer', status: 502, fingerprint: '' }, 'error', 'what is in front'],
  ] as const)('the address that meets %j is %s', (met, severity, words) => {
    expect(urlCheck(URL, met, 'own')).toMatchObject({ severity, sentence: expect.stringContaining(words) });
  });
});
