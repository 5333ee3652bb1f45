export type { ArchiveCounts } from './archive-line.js';
export { copyStore } from './copy-store.js';
export { proveArchive, readArchive } from './parse-archive.js';
export type { Claim, StoreFilling, StoreSnapshot } from './store-snapshot.js';
export { writeArchive } from './write-archive.js';
