export * from './dns-port.js';
export * from './server-names.js';
