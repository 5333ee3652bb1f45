import type { LeafState } from '../leaf-state.js';

export interface LeafHealthAnswer {
  /** `degraded`: it looks after its spaces, but something is not as it should be. */
  readonly status: 'ok' | 'degraded' | 'starting';
  readonly version: string;
  readonly location: string;
  readonly origin: string;
  /** Sentences: what is wrong and what to do. */
  readonly problems: readonly string[];
}

/** How the leaf is, in words for people and probes. */
export class LeafHealth {
  constructor(
    private readonly state: () => LeafState,
    private readonly version: string,
  ) {}

  /** Ready without its origin: what is stored is being looked after. */
  isReady(): boolean {
    return this.state().ready;
  }

  answer(): LeafHealthAnswer {
    const { location, stage, problem, platforms, ready } = this.state();
    const problems = [
      ...(problem ? [`${problem.message} ${problem.hint}`.trim()] : []),
      ...platforms.filter((platform) => !platform.ready).map(({ platform, message }) => `${platform}: ${message}`),
    ];
    const status = !ready ? 'starting' : problems.length > 0 ? 'degraded' : 'ok';
    return { status, version: this.version, location, origin: stage, problems };
  }
}
