export type { Backoff } from './backoff.js';
export type { Clock, TimerHandle } from './clock.js';
export { createEngine, type Engine } from './engine.js';
export type { EngineHooks, RetryScheduled, RunFinished, RunStarted } from './hooks.js';
export type { EngineOptions, RunContext } from './options.js';
export type { Outcome } from './outcome.js';
export type { Priority } from './priority.js';
export type { ResyncOptions } from './resync.js';
export type { EngineStats } from './stats.js';
