export * from './leaf-store.js';
export * from './retrying.js';
export * from './rows.js';
export * from './store.js';
