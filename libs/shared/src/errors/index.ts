export * from './codes.js';
export * from './knot-error.js';
export * from './system-error.js';
export * from './template-problem.js';
