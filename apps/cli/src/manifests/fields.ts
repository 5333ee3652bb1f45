import { PLATFORMS, SHELLS } from '@knot/domain';
import type { Field, Kind, Specs } from './manifest.js';

const LIMITS = {
  maxSpaces: { type: 'number' },
  maxRunning: { type: 'number' },
  computeUnits: { type: 'number' },
  storageUnits: { type: 'number' },
} as const;

/** The keys under `spec`, by kind; what `apply` accepts and `get` prints. */
export const FIELDS: { readonly [K in Kind]: Readonly<Record<keyof Specs[K] & string, Field>> } = {
  Role: {
    description: { type: 'text' },
    permissions: { type: 'list', required: true },
  },
  Group: {
    description: { type: 'text' },
    ...LIMITS,
  },
  User: {
    email: { type: 'text', required: true },
    roles: { type: 'list' },
    groups: { type: 'list' },
    ...LIMITS,
    timezone: { type: 'text' },
    active: { type: 'yes or no' },
    password: { type: 'text' },
  },
  Variable: {
    value: { type: 'text' },
    location: { type: 'text' },
    protected: { type: 'yes or no' },
    restricted: { type: 'yes or no' },
    templates: { type: 'list' },
  },
  Template: {
    platform: { type: PLATFORMS, required: true },
    description: { type: 'text' },
    restart: { type: ['always', 'on-failure', 'never'] },
    exceptions: { type: 'list' },
    groups: { type: 'list' },
    locations: { type: 'list' },
    computeUnits: { type: 'number' },
    storageUnits: { type: 'number' },
    schedule: { type: 'schedule' },
    ports: { type: 'named ports' },
    note: { type: 'text' },
    job: { type: 'text' },
    volumes: { type: 'text' },
  },
  Volume: {
    platform: { type: PLATFORMS, required: true },
    location: { type: 'text', required: true },
    want: { type: ['present', 'absent'] },
    definition: { type: 'text', required: true },
  },
  Space: {
    template: { type: 'text', required: true },
    location: { type: 'text' },
    description: { type: 'text' },
    shell: { type: SHELLS },
    want: { type: ['running', 'stopped'] },
    ports: { type: 'ports' },
  },
};
