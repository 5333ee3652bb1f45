export * from './sqlite-leaf-store.js';
export * from './sqlite-store.js';
export { fillFile } from './file-filling.js';
export { snapshotOfCopy, snapshotOfFile } from './file-snapshot.js';
