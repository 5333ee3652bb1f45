import { createContext, use } from 'react';
import type { StreamState } from './event-stream.js';
import type { Hearing } from './sight.js';

export interface Live extends Hearing {
  readonly state: StreamState;
  /** Tries to connect now. */
  readonly retry: () => void;
}

export const LiveContext = createContext<Live>({ state: 'connecting', connected: true, lastHeard: 0, retry: () => {} });

/** How the page hears of the world at this moment. */
export function useLive(): Live {
  return use(LiveContext);
}
