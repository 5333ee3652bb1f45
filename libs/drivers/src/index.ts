export * from './clock.js';
export * from './driver.js';
export type * from './space-objects.js';
export { createKubernetesDriver } from './kubernetes/kubernetes-driver.js';
export type { KubernetesOptions } from './kubernetes/options.js';
export { createLocalDriver, type LocalDriverOptions } from './local/create-local-driver.js';
export { createNomadDriver } from './nomad/nomad-driver.js';
export type { NomadOptions } from './nomad/options.js';
