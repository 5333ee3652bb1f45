export { startLeaf, type RunningLeaf, type StartLeafOptions } from './process/start-leaf.js';
export { startOwnLeaf, type StartOwnLeafOptions } from './process/start-own-leaf.js';
