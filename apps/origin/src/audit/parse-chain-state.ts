import type { ChainState } from './audit-chain.js';

/** What `ChainStore` wrote: the cipher has proved already that nobody else did. */
export function parseChainState(text: string): ChainState {
  return JSON.parse(text) as ChainState;
}
