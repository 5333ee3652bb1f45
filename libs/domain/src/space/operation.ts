import type { Want } from './desired.js';
import type { ObservedSpace } from './observed.js';

export const OPERATION_STATES = ['pending', 'succeeded', 'failed', 'superseded'] as const;

export type OperationState = (typeof OPERATION_STATES)[number];

export interface OperationInput {
  /** Generation that the wish made. */
  readonly generation: number;
  /** What the wish asked for. */
  readonly want: Want;
  /** Null when the space's row is gone. */
  readonly desired: { readonly generation: number; readonly want: Want } | null;
  readonly observed: ObservedSpace | null;
}

export interface OperationOutcome {
  readonly state: OperationState;
  /** Why it failed or what it waits for; '' where there is nothing to say. */
  readonly message: string;
}

/** How far a wish has come; derived from generation and observation, never stored. */
export function operationOutcome({ generation, want, desired, observed }: OperationInput): OperationOutcome {
  if (!desired) return { state: want === 'deleted' ? 'succeeded' : 'superseded', message: '' };
  if (desired.generation > generation) return { state: 'superseded', message: 'A later wish has taken its place.' };
  if (!observed || observed.observedGeneration < generation) return { state: 'pending', message: '' };
  const stalled = observed.conditions.find(({ type, status }) => type === 'Stalled' && status === 'True');
  if (stalled) return { state: 'failed', message: stalled.message };
  if (want === 'running' && observed.workload === 'ended') return { state: 'failed', message: reasonOf(observed) };
  const done = want === 'running' ? isReady(observed) : want === 'stopped' && observed.workload === 'absent';
  return done ? { state: 'succeeded', message: '' } : { state: 'pending', message: reasonOf(observed) };
}

function isReady(observed: ObservedSpace): boolean {
  return observed.conditions.some(({ type, status }) => type === 'Ready' && status === 'True');
}

function reasonOf(observed: ObservedSpace): string {
  return observed.conditions.find(({ type, status }) => type === 'Ready' && status !== 'True')?.message ?? '';
}
