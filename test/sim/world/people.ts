import { ALL_PERMISSIONS } from '@knot/domain';
import type { UserRow, Write } from '@knot/shared/store';
import { sha256Hex } from '@knot/shared';
import type { Call } from '../../../apps/origin/src/http/call.js';
import { claim, templateName, userName, variableName } from '../../../apps/origin/src/deeds/unique-name.js';
import { versionId } from '../../../apps/origin/src/templates/template-dtos.js';
import { PLANTED, TEMPLATES, TEXTS } from './templates.js';
import type { SimOrigin } from './sim-origin.js';

/** The first location's own token as it begins, which lets any instance in. */
export const LOCATION_TOKEN = 'the-token-of-here';

export function locationName(number: number): string {
  return number === 0 ? 'here' : `place-${number}`;
}

const USER = '0190a000-0000-7000-8000-000000000001';

export function templateId(number: number): string {
  return `0190a000-0000-7000-8000-00000000010${number % TEMPLATES.length}`;
}

export const COLOUR = '0190a000-0000-7000-8000-000000000201';

/** A call of the one administrator, with a key where it may be sent again. */
export function callOf(key: string | null, now: number): Call {
  return {
    actor: {
      id: USER,
      username: 'ann',
      role: 'administrator',
      permissions: ALL_PERMISSIONS,
      groups: [],
      via: 'session',
      scopes: ['*'],
      provedAt: now,
    },
    proofId: 'proof',
    ifMatch: null,
    idempotency: key === null ? null : { id: sha256Hex(key), requestHash: sha256Hex(`body of ${key}`) },
    address: 'simulated',
    userAgent: '',
  };
}

/** What an origin has before the first person wishes: a user, templates, variables, locations with a token of their own. */
export async function furnish({ store, useCases }: SimOrigin, locations: readonly string[]): Promise<void> {
  const now = await store.now();
  const user: Omit<UserRow, 'version'> = {
    id: USER,
    username: 'ann',
    email: 'ann@example.com',
    passwordHash: '',
    subject: '',
    role: 'administrator',
    active: true,
    sshKeys: [],
    timezone: 'UTC',
    roles: [],
    groups: [],
    maxSpaces: 0,
    maxRunning: 0,
    computeUnits: 0,
    storageUnits: 0,
    deletionRequestedAt: 0,
    createdAt: now,
  };
  const templates = TEMPLATES.map(({ name, platform }, n) => {
    const id = templateId(n);
    const open = { groups: [], locations: [], computeUnits: 0, storageUnits: 0, schedule: null, ports: [] };
    return { id, name, description: '', platform, present: 1, ...open, createdAt: now, updatedAt: now };
  });
  const variable = { location: '', restricted: false, protected: false, templates: [], updatedAt: now };
  const policy = { drivers: [], hostVolumes: [] };
  const location = { builtIn: false, instances: [], policy, createdAt: now, tokenHash: sha256Hex(LOCATION_TOKEN) };
  const writes: Write[] = [
    { put: 'user', row: user },
    ...locations.map((id): Write => ({ put: 'location', row: { ...location, id } })),
    { put: 'variable', row: { ...variable, id: COLOUR, name: 'colour', value: 'red' } },
    ...templates.map((row): Write => ({ put: 'template', row })),
    ...templates.map((row, n): Write => {
      const text = TEXTS[n === 2 ? 2 : n] ?? { job: '', volumes: '' };
      const { id } = row;
      const version = { id: versionId(id, 1), templateId: id, number: 1, ...text, restart: 'always' as const };
      const rest = { exceptions: [], author: 'ann', approvedBy: 'ann', note: '', createdAt: now };
      return { put: 'templateVersion', row: { ...version, ...rest } };
    }),
  ];
  await store.commit({
    expect: [],
    unique: [
      claim(userName(user), USER),
      claim(variableName({ location: '', name: 'colour' }), COLOUR),
      ...templates.map((row) => claim(templateName(row), row.id)),
    ],
    writes,
  });
  const templateIds = templates.map(({ id }) => id);
  const secret = { name: 'secret', value: PLANTED, protected: true, templates: templateIds };
  await useCases.variables.create(callOf(null, now), secret);
}
