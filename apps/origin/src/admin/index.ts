export { backup, convert, restore, type AdminPorts } from './admin.js';
export { checkRows, type BrokenRule } from './check-rows.js';
export { migrateStore } from './migrate-store.js';
export { rekeyStore } from './rekey-store.js';
export { setPassword } from './set-password.js';
export { openSnapshot } from './store-ends.js';
