export * from './clock.js';
export * from './driver.js';
