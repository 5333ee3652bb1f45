import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

// `knot-src` makes every `@knot/*` import resolve to TypeScript source, so tests need no build.
const conditions = ['knot-src'];
const shared = {
  resolve: { conditions },
  ssr: { resolve: { conditions: [...conditions, 'node', 'import', 'module', 'default'] } },
};

/** What tests with real servers share. The servers start when the first test asks for them, not before. */
const real = {
  globalSetup: ['test/tools/global-setup.ts'],
  setupFiles: ['test/tools/end-processes.ts'],
  testTimeout: 120_000,
  hookTimeout: 180_000,
};

export default defineConfig({
  test: {
    projects: [
      {
        ...shared,
        test: {
          name: 'unit',
          include: ['{apps,libs}/*/src/**/*.test.{ts,tsx}'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          // Modules are loaded once for many files: half the CPU. A test puts back what it changes of the process.
          isolate: false,
          maxWorkers: availableParallelism(),
          sequence: { groupOrder: 0 },
        },
      },
      {
        ...shared,
        test: {
          ...real,
          name: 'e2e',
          include: ['test/{e2e,faults,helm,sim,ui}/**/*.test.ts', 'libs/*/src/**/*.real-test.ts'],
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        ...shared,
        test: {
          ...real,
          name: 'alone',
          // what disturbs other files or is disturbed by them: it stops a server they share, or needs both cores
          include: ['test/**/*.alone-test.ts'],
          maxWorkers: 1,
          sequence: { groupOrder: 2 },
        },
      },
      {
        ...shared,
        test: {
          ...real,
          name: 'long',
          include: ['test/**/*.long-test.ts', 'libs/*/src/**/*.long-test.ts'],
          testTimeout: 900_000,
          maxWorkers: 1,
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
});
