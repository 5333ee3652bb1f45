import type { Location, Me, Space, SpaceDetail, Template } from '../api/schemas.js';

/** Objects as the API gives them, for tests. */
export function madeSpace(change: Partial<Space> = {}): Space {
  return {
    id: 'space-1',
    name: 'api',
    description: '',
    owner: { id: 'user-1', username: 'ada' },
    sharedWith: [],
    location: 'lon',
    shell: '',
    template: { id: 'template-1', name: 'Shell', platform: 'local', version: 1, present: 1 },
    want: 'running',
    generation: 2,
    observedGeneration: 2,
    restarts: 0,
    phase: 'Running',
    message: '',
    conditions: [],
    phases: [],
    updateAvailable: false,
    schedule: '',
    stopsAt: 0,
    startsAt: 0,
    live: true,
    asOf: 1_000,
    wishedAt: 900,
    createdAt: 800,
    version: 3,
    ...change,
  };
}

export function madeDetail(change: Partial<SpaceDetail> = {}): SpaceDetail {
  return {
    ...madeSpace(),
    wishedBy: 'ada',
    workload: 'healthy',
    instance: '4711',
    exitCode: null,
    ports: [],
    portShares: [],
    tunnel: '',
    scripts: [],
    activeAt: 0,
    volumes: [],
    events: [],
    operation: null,
    ...change,
  };
}

export function madeLocation(change: Partial<Location> = {}): Location {
  return {
    name: 'lon',
    builtIn: false,
    live: true,
    liveUntil: 20_000,
    asOf: 1_000,
    leaf: null,
    platforms: [],
    spaces: 1,
    queue: 0,
    lag: 0,
    waiting: 0,
    orphans: 0,
    createdAt: 0,
    version: 1,
    ...change,
  };
}

export function madeTemplate(change: Partial<Template> = {}): Template {
  return {
    id: 'template-1',
    name: 'Shell',
    description: '',
    platform: 'local',
    present: 1,
    groups: [],
    locations: [],
    computeUnits: 0,
    storageUnits: 0,
    schedule: null,
    ports: [],
    spaces: 0,
    createdAt: 0,
    updatedAt: 0,
    version: 1,
    ...change,
  };
}

export function madeMe(change: Partial<Me> = {}): Me {
  return {
    id: 'user-1',
    username: 'ada',
    email: 'ada@example.com',
    role: 'administrator',
    permissions: [],
    groups: [],
    totp: false,
    linked: false,
    password: true,
    timezone: '',
    maxRunning: 0,
    running: 0,
    via: 'session',
    scopes: [],
    ...change,
  };
}
