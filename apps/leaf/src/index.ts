export { createLeaf, type Leaf } from './create-leaf.js';
export { leafIdentity, type LeafIdentity } from './leaf-identity.js';
export type { LeafFacts, LeafOptions, LeafPorts } from './leaf-ports.js';
export type { LeafState, PlatformState, Problem, Stage } from './leaf-state.js';
export { startLeaf, type RunningLeaf, type StartLeafOptions } from './process/start-leaf.js';
export { startOwnLeaf, type StartOwnLeafOptions } from './process/start-own-leaf.js';
