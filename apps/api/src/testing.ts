/** `api` under test, at an address that it knows itself. */
import { startApp, type AppUnderTest } from '#testing/app.ts';
import type { Clock } from '#platform/clock.ts';
import type { TestDatabase } from '#testing/database.ts';
import { freePort } from '#testing/ports.ts';
import { api } from './api.app.ts';

export type { AppUnderTest };

export const PLATFORM_AWS_ACCOUNT = '111122223333';

export async function startApi(
  database: TestDatabase,
  clock?: Clock,
  settings: Record<string, string> = {},
): Promise<AppUnderTest> {
  const port = String(await freePort());
  return startApp(api, {
    database,
    clock,
    settings: {
      AUTH_SECRET: 'a-secret-for-signing-test-sessions',
      PORT: port,
      PUBLIC_URL: `http://127.0.0.1:${port}`,
      PLATFORM_AWS_ACCOUNT_ID: PLATFORM_AWS_ACCOUNT,
      ...settings,
    },
  });
}
