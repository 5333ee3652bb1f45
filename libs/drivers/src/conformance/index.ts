import { afterAll, afterEach, beforeAll, describe } from 'vitest';
import type { DriverHarness } from './harness.js';
import { lockSuite } from './lock-suite.js';
import { Stage } from './stage.js';
import { volumeSuite } from './volume-suite.js';
import { reconnectSuite, watchSuite } from './watch-suite.js';
import { workloadSuite } from './workload-suite.js';
import { worldSuite } from './world-suite.js';

export type { DriverHarness, DriverWorld } from './harness.js';

/** What a backend cannot have. */
export interface DriverLimits {
  /** It is this machine: there is no connection that could be cut. */
  readonly connection?: false;
}

/**
 * Everything that any driver must do, told as tests. `factory` is called once; each test has spaces of its own and
 * clears them away. Import it in a test file beside the driver, never elsewhere: it needs vitest.
 */
export function describeDriver(name: string, factory: () => Promise<DriverHarness>, limits: DriverLimits = {}): void {
  describe(`driver ${name}`, () => {
    let stage: Stage | null = null;
    const onStage = () => {
      if (!stage) throw new Error('The harness did not start.');
      return stage;
    };

    beforeAll(async () => {
      stage = new Stage(await factory());
    });
    afterEach(async () => stage?.clear());
    afterAll(async () => stage?.harness.close());

    describe('workloads', () => workloadSuite(onStage));
    describe('the world', () => worldSuite(onStage));
    describe('watch', () => watchSuite(onStage));
    describe('lock', () => lockSuite(onStage));
    describe('volumes', () => volumeSuite(onStage));
    if (limits.connection !== false) describe('connection', () => reconnectSuite(onStage));
  });
}
