/** Before all specs: one throw-away PostgreSQL, and in it a template made by the real migrations. Each spec file clones it. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { migrate } from '../../tools/migrations.ts';
import { ensureDatabase, startPostgres } from '../../tools/postgres.ts';
import { freePort } from './ports.ts';
import { temporaryFolder } from '../../tools/temporary.ts';

export const TEMPLATE = 'slipway_template';
export const TEST_PASSWORD = 'test-only';

declare module 'vitest' {
  interface ProvidedContext {
    postgres: { port: number; password: string };
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = temporaryFolder('slipway-test-');
  const port = await freePort();
  const postgres = await startPostgres({ dataDir: join(folder, 'data'), port, password: TEST_PASSWORD, throwAway: true });
  await ensureDatabase(postgres, TEMPLATE);
  const passwords = { api: TEST_PASSWORD, launcher: TEST_PASSWORD, metering: TEST_PASSWORD, billing: TEST_PASSWORD };
  await migrate(postgres.url(TEMPLATE), passwords);
  project.provide('postgres', { port, password: TEST_PASSWORD });
  return async () => {
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  };
}
