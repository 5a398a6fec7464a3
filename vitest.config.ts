/** Vitest for the whole repository: oxc gives Nest its decorator metadata; specs drive real PostgreSQL and real SDKs. */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  oxc: { decorator: { legacy: true, emitDecoratorMetadata: true } },
  test: {
    include: [
      'apps/**/*.spec.ts',
      'libs/**/*.spec.ts',
      'tools/**/*.spec.ts',
      'migrations/**/*.spec.ts',
      'story/**/*.spec.ts',
      'faults/**/*.spec.ts',
    ],
    reporters: ['default', './libs/testing/last-line.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    globalSetup: ['libs/testing/global-setup.ts'],
    pool: 'forks',
    maxWorkers: 2,
  },
});
