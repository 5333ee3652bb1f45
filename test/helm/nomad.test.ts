import { readFileSync } from 'node:fs';
import { beforeAll, expect, it } from 'vitest';
import type { NomadClient } from '../tools/nomad-client.js';
import { sharedNomad } from '../tools/shared-nomad.js';

const COMMON = 'image = "knot:1"\n';
const VARIABLES = {
  origin: `${COMMON}url = "https://knot.example.com"\ntrusted_proxies = ["10.0.0.0/8"]\n`,
  leaf: `${COMMON}location = "lon"\norigin = "https://knot.example.com"\nnomad_addr = "http://10.0.0.5:4646"\n`,
};

let nomad: NomadClient;

beforeAll(async () => {
  nomad = await (await sharedNomad()).freshNamespace();
});

it.each(['origin', 'leaf'] as const)('a real Nomad takes deploy/nomad/%s.nomad.hcl', async (name) => {
  const text = readFileSync(new URL(`../../deploy/nomad/${name}.nomad.hcl`, import.meta.url), 'utf8');
  const body = { JobHCL: text, Variables: VARIABLES[name], Canonicalize: true };
  const job = await nomad.request<Record<string, unknown>>('POST', '/v1/jobs/parse', body);
  expect(job['ID']).toBe(`knot-${name}`);
  expect(JSON.stringify(job)).toContain('https://knot.example.com');
  const verdict = await nomad.request<{ ValidationErrors: string[] | null; Warnings: string }>(
    'POST',
    '/v1/validate/job',
    {
      Job: job,
    },
  );
  expect(verdict.ValidationErrors).toBeNull();
});

it('two leaves of one Nomad are two jobs, each with variables of its own', async () => {
  const text = readFileSync(new URL('../../deploy/nomad/leaf.nomad.hcl', import.meta.url), 'utf8');
  const body = { JobHCL: text, Variables: `${VARIABLES.leaf}job = "knot-leaf-ber"\n`, Canonicalize: true };
  const job = await nomad.request<Record<string, unknown>>('POST', '/v1/jobs/parse', body);
  expect([job['ID'], job['Name']]).toEqual(['knot-leaf-ber', 'knot-leaf-ber']);
  const told = JSON.stringify(job);
  expect(told).toContain('nomad/jobs/knot-leaf-ber');
  expect(told).not.toMatch(/nomad\/jobs\/knot-leaf[^-]/);
});
