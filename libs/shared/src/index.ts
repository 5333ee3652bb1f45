export * from './clock/clock.js';
export * from './clock/system-clock.js';
export * from './failpoints/failpoint.js';
export * from './failpoints/names.js';
export * from './logging/logger.js';
export * from './logging/mask.js';
export * from './secrets/secret.js';
