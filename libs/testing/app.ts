/** An app under test: the real one on its real role, listening on a free port, its stages worked by hand with `settle`. */
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { setTimeout as sleep } from 'node:timers/promises';
import { build, type AppDefinition, type CommonConfig } from '#platform/app.ts';
import { CALLER_HEADER, signCaller, type Caller } from '#platform/auth.ts';
import type { Clock } from '#platform/clock.ts';
import { StageRunner } from '#platform/stage.ts';
import type { TestDatabase } from './database.ts';

export const TEST_CALLER_SECRET = 'a-caller-secret-that-only-tests-use';
export const TEST_SECRETS_KEY = Buffer.alloc(32, 7).toString('base64');

export const TEST_RECEIPT_KEY = Buffer.alloc(32, 9).toString('base64');

export interface AppUnderTest {
  url: string;
  nest: NestFastifyApplication;
  /** Works due rows of all stages until `until` holds (or until nothing is due). @throws when 15 s pass without it. */
  settle: (until?: () => Promise<boolean>) => Promise<void>;
  close: () => Promise<void>;
}

/** @param settings what the app needs beyond the common settings, as environment variables. */
export async function startApp<C extends CommonConfig>(
  definition: AppDefinition<C>,
  { database, clock, settings = {} }: { database: TestDatabase; clock?: Clock; settings?: Record<string, string> },
): Promise<AppUnderTest> {
  const config = definition.config({ ...testSettings(definition.name, database), ...settings });
  const nest = await build(definition, config, { clock, stages: 'by-hand' });
  await nest.listen({ port: config.PORT, host: '127.0.0.1' });
  return {
    url: (await nest.getUrl()).replace('[::1]', '127.0.0.1'),
    nest,
    settle: (until) => settle([nest], until),
    close: () => nest.close(),
  };
}

export const testSettings = (role: AppDefinition['name'], database: TestDatabase): Record<string, string> => ({
  NODE_ENV: 'test',
  LOG_LEVEL: process.env.TEST_LOG ?? 'silent',
  PORT: '0',
  DATABASE_URL: database.urlFor(role),
  SECRETS_KEY: TEST_SECRETS_KEY,
  CALLER_SECRET: TEST_CALLER_SECRET,
  RECEIPT_KEY: TEST_RECEIPT_KEY,
  // Specs change rows behind the app's back and mean them to count at once.
  FACTS_SECONDS: '0',
  ...UNTHROTTLED,
});

/** Specs that are about throttles set them. */
const UNTHROTTLED = Object.fromEntries(
  ['METER_USAGE', 'BATCH_METER_USAGE', 'REGISTER_USAGE', 'RESOLVE_CUSTOMER', 'GET_ENTITLEMENTS'].map((name) => [
    `THROTTLE_${name}`,
    '0',
  ]),
);

/** Works the stages of several apps, in the order given, until `until` holds; without it, until a round finds nothing due. */
export async function settle(apps: NestFastifyApplication[], until?: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 15_000;
  for (;;) {
    let worked = 0;
    for (const app of apps) worked += await app.get(StageRunner, { strict: false }).settleOnce();
    if (until ? await until() : worked === 0) return;
    if (Date.now() > deadline) throw new Error('The stages did not settle within 15 s.');
    if (worked === 0 || until) await sleep(25);
  }
}

/** Headers of a request that `api` vouches for. */
export const asCaller = async (
  caller: Partial<Caller> & Pick<Caller, 'organizationId' | 'kind'>,
): Promise<Record<string, string>> => ({
  [CALLER_HEADER]: await signCaller({ userId: null, ...caller }, TEST_CALLER_SECRET),
});
