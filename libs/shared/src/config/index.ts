export * from './config-problem.js';
export type { Origin } from './config-value.js';
export * from './describe-config.js';
export * from './keys/config-keys.js';
export type { ConfigPurpose, KeySpec, KeyType } from './keys/key-spec.js';
export * from './listen-address.js';
export * from './load-config.js';
export { nearestKey } from './nearest-key.js';
export { describeType } from './parse-value.js';
export * from './sections/agent-config.js';
export * from './sections/knot-config.js';
export * from './sections/server-config.js';
export * from './sections/server-parts.js';
export * from './sources/config-world.js';
export * from './yaml-depth.js';
export type { FlagValues } from './sources/given-values.js';
export * from './scaffold/kubernetes-scaffold.js';
export * from './scaffold/nomad-scaffold.js';
export * from './scaffold/scaffolds.js';

// What else a program needs to start from its configuration, for those that may import no more of this lib.
export type { Clock, ClockTimer } from '../clock/clock.js';
export { systemClock } from '../clock/system-clock.js';
export { armFailpoints } from '../failpoints/failpoint.js';
export { randomText, type RandomSource } from '../secrets/random-text.js';
export { Secret } from '../secrets/secret.js';
