/** Vitest for the whole repository: oxc gives Nest its decorator metadata; specs drive real PostgreSQL and real SDKs. */
import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { LongestFirst } from './libs/testing/longest-first.ts';

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
    // Files of one worker share the modules they import, which takes two fifths off the whole; no spec may leave anything behind in them.
    isolate: false,
    // Specs wait for machines, clocks and other processes about half of their time, so there are more workers than cores.
    maxWorkers: Math.max(2, Math.ceil(availableParallelism() * 1.5)),
    sequence: { sequencer: LongestFirst },
  },
});
