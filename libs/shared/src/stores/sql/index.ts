export * from './sqlite-leaf-store.js';
export * from './sqlite-store.js';
