export * from './clock.js';
export * from './driver.js';
export { createLocalDriver, type LocalDriverOptions } from './local/create-local-driver.js';
