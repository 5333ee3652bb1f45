/** One job that has not been started. */
export interface Startable {
  /** The job's id in Nomad once it is registered. */
  readonly job: string;
  /** One call; resolves with its answer, throws where that is no success. */
  start(): Promise<void>;
}

/** One of the two that are measured beside each other: knot, or bare register calls. */
export interface Side {
  readonly name: 'knot' | 'bare';
  /** Does all that is not measured, so that a start is one call. */
  prepare(count: number): Promise<readonly Startable[]>;
  /** Takes away all that was started, and waits until Nomad runs nothing of it. */
  clear(): Promise<void>;
}
