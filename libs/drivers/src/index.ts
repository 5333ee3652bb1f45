export * from './clock.js';
export * from './driver.js';
export { createLocalDriver, type LocalDriverOptions } from './local/create-local-driver.js';
export { createNomadDriver } from './nomad/nomad-driver.js';
export type { NomadOptions } from './nomad/options.js';
