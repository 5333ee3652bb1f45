export { createLeaf, type Leaf } from './create-leaf.js';
export { leafIdentity, type LeafIdentity } from './leaf-identity.js';
export type { LeafFacts, LeafOptions, LeafPorts } from './leaf-ports.js';
export type { LeafState, PlatformState, Problem, Stage } from './leaf-state.js';
export { configuredDrivers } from './process/configured-drivers.js';
export { factsOf, openLeafStore } from './process/configured-leaf.js';
export { startLeaf, type RunningLeaf, type StartLeafOptions } from './process/start-leaf.js';
