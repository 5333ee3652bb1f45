export * from './codes.js';
export * from './knot-error.js';
