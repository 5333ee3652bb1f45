import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TestOrigin, type Ask } from '../testing/test-origin.js';
import { loadConfig, systemWorld } from '@knot/shared/config';
import { LocationStates } from '../locations/location-states.js';
import { originSettings } from '../origin-settings.js';
import { CHECK_CODES } from './checks/check.js';
import { HealthCheck } from './health-check.js';
import { Outside } from './outside.js';

interface Details {
  readonly status: string;
  readonly findings: readonly object[];
  readonly checks: readonly { readonly code: string; readonly severity: string; readonly subject: string }[];
}

let test: TestOrigin;
let admin: Ask;

afterEach(() => test.close());

async function details(): Promise<Details> {
  return (await admin('GET', '/api/v1/health')).body;
}

describe('the details of health', () => {
  beforeEach(async () => {
    test = await TestOrigin.open();
    admin = await test.admin();
    await test.liveLocation('lon');
  });

  it('name every check with its code, what is well too, and where it is written of', async () => {
    const { status, findings, checks } = await details();
    expect(status).toBe('ok');
    expect(findings).toEqual([]);
    // nothing listens here that could show a certificate
    expect(checks.map(({ code }) => code)).toEqual(CHECK_CODES.filter((code) => code !== 'tls.certificate-end'));
    expect(checks.map(({ severity }) => severity)).toEqual(checks.map(() => 'ok'));
    expect(checks[0]).toMatchObject({ documentation: 'docs/guide/health.md#storesilent' });
  });

  it('warn of a location that fell silent, in the words of older clients too', async () => {
    test.pass(31_000);
    const { findings, checks } = await details();
    const [silent] = checks.filter(({ severity }) => severity !== 'ok');
    expect(silent).toMatchObject({ code: 'location.silent', severity: 'warning', subject: 'lon' });
    expect(findings).toEqual([{ level: 'warning', message: expect.stringContaining('lon') }]);
  });

  it('are for those who may see the server', async () => {
    const password = 'a long enough one';
    await admin('POST', '/api/v1/users', { body: { username: 'bob', email: 'b@x.y', password } });
    const bob = await test.signIn('bob', password);
    expect((await bob('GET', '/api/v1/health')).status).toBe(403);
    expect((await test.ask('GET', '/api/v1/health')).status).toBe(401);
  });
});

it('the details of health warn of what the configuration leaves open', async () => {
  test = await TestOrigin.open({
    KNOT_URL: 'https://knot.example.com',
    KNOT_WILDCARD_DOMAIN: '*.apps.example.com',
  });
  admin = await test.admin();
  const { checks } = await details();
  // names that are nobody's: what leads there is looked at by the tests with a name server of their own
  const own = checks.filter(
    ({ code, severity }) => severity !== 'ok' && !['url.unreached', 'domain.wildcard'].includes(code),
  );
  expect(own).toMatchObject([{ code: 'domain.shared-with-apps', severity: 'warning' }]);
});

it('the version is told while the store is silent, without saying whose', async () => {
  test = await TestOrigin.open();
  const { store } = test.origin;
  const { config } = loadConfig({ world: { ...systemWorld(), env: {}, cwd: test.folder, home: test.folder } });
  const ports = {
    ...{ clock: test.clock, programVersion: '0.1.0', settings: originSettings(config, []), outside: new Outside([]) },
    states: new LocationStates(store, { until: () => 0 }),
  };
  const silent = () => Promise.reject(new Error('gone'));
  for (const broken of [{ now: silent }, { get: silent }]) {
    const health = new HealthCheck({ ...ports, store: Object.assign(Object.create(store), broken) });
    expect(await health.version()).toEqual({ version: '0.1.0', api: '1', fingerprint: '' });
  }
});
