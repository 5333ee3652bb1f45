import type { Clock, KnotConfig } from '@knot/shared/config';
import type { Logger } from '@knot/shared/logging';

export interface ServerOptions {
  readonly config: KnotConfig;
  readonly logger: Logger;
  readonly programVersion: string;
  readonly clock: Pick<Clock, 'now'>;
}

export interface RunningServer {
  /** Gives back what it holds; spaces go on running. */
  stop(): Promise<void>;
}
