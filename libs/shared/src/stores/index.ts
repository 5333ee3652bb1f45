export * from './base-row.js';
export * from './leaf-store.js';
export { encodeCursor } from './page-request.js';
export * from './people-rows.js';
export * from './labels-row.js';
export * from './roll-out-rows.js';
export * from './retrying.js';
export * from './rows.js';
export * from './store.js';
