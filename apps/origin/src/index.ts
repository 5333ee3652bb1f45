export { SnapshotVault } from './spaces/snapshot-vault.js';
export { startOrigin, type Origin, type StartOriginOptions } from './start-origin.js';
