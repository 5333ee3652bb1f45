import { describe } from 'vitest';
import { describeCommits } from './conformance/commit-suite.js';
import type { StorePlace } from './conformance/harness.js';
import { describeLog } from './conformance/log-suite.js';
import { describePages } from './conformance/page-suite.js';
import { describeRestore } from './conformance/restore-suite.js';
import { describeRows } from './conformance/rows-suite.js';

/** What every `Store` must do, told as tests. Each test gets a place of its own from `makePlace`. */
export function describeStore(
  name: string,
  makePlace: () => Promise<StorePlace>,
  options: { readonly commitsPerWriter?: number; readonly commitsAtOnce?: number } = {},
): void {
  describe(name, () => {
    describeRows(makePlace);
    describeCommits(makePlace, options.commitsAtOnce ?? 2_000);
    describeLog(makePlace, options.commitsPerWriter ?? 20);
    describePages(makePlace);
    describeRestore(makePlace);
  });
}
