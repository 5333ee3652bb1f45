export * from './fake-backend.js';
export * from './fake-driver.js';
export * from './faults.js';
export * from './virtual-clock.js';
