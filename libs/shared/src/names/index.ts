export * from './dns-port.js';
export { systemNameService, type NameService } from './name-service.js';
export * from './server-names.js';
