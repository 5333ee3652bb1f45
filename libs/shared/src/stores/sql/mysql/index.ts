export * from './load-from-file.js';
export * from './mysql-store.js';
export type { MysqlAccount } from './mysql-session.js';
export { mysqlSource } from './mysql-schema.js';
export * from './widen-columns.js';
