import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ownCertificate } from '@knot/link';
import { systemClock } from '@knot/shared';
import { loadConfig, systemWorld } from '@knot/shared/config';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { configuredDrivers } from './configured-drivers.js';

let folder: string;
let nomad: Server;
let addr: string;
let asked = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'knot-drivers-'));
  nomad = createServer(await ownCertificate(folder, ['127.0.0.1'], Date.now()), (_request, response) => {
    asked += 1;
    response.end('{}');
  });
  await once(nomad.listen(0, '127.0.0.1'), 'listening');
  const address = nomad.address();
  addr = `https://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
});

afterAll(async () => {
  nomad.closeAllConnections();
  nomad.close();
  await rm(folder, { recursive: true });
});

/** Why Nomad is not ready by a knot.yaml that says no more than this. */
async function troubleBy(env: Readonly<Record<string, string>>): Promise<string> {
  const world = { ...systemWorld(), cwd: folder, home: folder, env: { KNOT_NOMAD_ADDR: addr, ...env } };
  const { config } = loadConfig({ world });
  const [driver] = await configuredDrivers(config, { installation: 'i', location: 'lon' }, systemClock);
  const told = await driver
    ?.health(AbortSignal.timeout(30_000))
    .catch((error: unknown) => ({ trouble: { message: String(error) } }));
  return told?.trouble?.message ?? '';
}

it('a Nomad with a certificate of nobody known is not talked to, unless tls_skip_verify says so', async () => {
  expect(await troubleBy({})).toMatch(/self.signed|certificate/i);
  expect(asked).toBe(0);
  await troubleBy({ KNOT_TLS_SKIP_VERIFY: 'true' });
  expect(asked).toBeGreaterThan(0);
});
