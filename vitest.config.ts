import { defineConfig } from 'vitest/config';

// `knot-src` makes every `@knot/*` import resolve to TypeScript source, so tests need no build.
const conditions = ['knot-src'];
const shared = {
  resolve: { conditions },
  ssr: { resolve: { conditions: [...conditions, 'node', 'import', 'module', 'default'] } },
};

export default defineConfig({
  test: {
    projects: [
      {
        ...shared,
        test: { name: 'unit', include: ['{apps,libs}/*/src/**/*.test.ts'], testTimeout: 20_000 },
      },
      {
        ...shared,
        test: {
          name: 'e2e',
          include: ['test/{e2e,faults,ui}/**/*.test.ts', 'libs/drivers/src/**/*.real-test.ts'],
          globalSetup: ['test/tools/global-setup.ts'],
          setupFiles: ['test/tools/end-processes.ts'],
          testTimeout: 120_000,
          hookTimeout: 180_000,
        },
      },
      {
        ...shared,
        test: {
          name: 'long',
          include: ['test/**/*.long-test.ts', 'libs/*/src/**/*.long-test.ts'],
          globalSetup: ['test/tools/global-setup.ts'],
          setupFiles: ['test/tools/end-processes.ts'],
          testTimeout: 900_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
