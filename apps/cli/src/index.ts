export * from './command-context.js';
export * from './exit-codes.js';
export * from './groups.js';
export * from './program.js';
export * from './run-knot.js';
