/** The portal under test: built from its present sources, served by a real api, with the other apps and a sandbox behind it. */
import { execFile } from 'node:child_process';
import { existsSync, globSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Clock } from '#platform/clock.ts';
import { StageRunner } from '#platform/stage.ts';
import { startApp } from '#testing/app.ts';
import { createTestDatabase, type TestDatabase } from '#testing/database.ts';
import { freePort } from '#testing/ports.ts';
import { api } from '../api/src/api.app.ts';
import { billing } from '../billing/src/billing.app.ts';
import { launcher } from '../launcher/src/launcher.app.ts';
import { metering } from '../metering/src/metering.app.ts';
import { startSandbox, type Sandbox } from '../sandbox/src/server.ts';

const FOLDER = import.meta.dirname;
const WEBHOOK_SECRET = 'whsec_of_the_specs';
const SANDBOX_AWS = { AWS_ACCESS_KEY_ID: 'AKIASLIPWAYSANDBOX01', AWS_SECRET_ACCESS_KEY: 'sandbox-secret-do-not-use-elsewhere' };

export interface Marketplace {
  url: string;
  database: TestDatabase;
  sandbox: Sandbox;
  close: () => Promise<void>;
}

/** Starts all that the portal talks to. Stages are worked all the time, as in running processes. */
export async function startMarketplace(clock?: Clock): Promise<Marketplace> {
  const [database, apiPort, billingPort] = [await createTestDatabase(), await freePort(), await freePort()];
  const sandbox = await startSandbox({
    webhookUrl: `http://127.0.0.1:${billingPort}/webhooks/stripe`,
    webhookSecret: WEBHOOK_SECRET,
  });
  if (clock) sandbox.clock.set(clock.now());
  const url = `http://127.0.0.1:${apiPort}`;
  const [launching, counting, charging] = await Promise.all([
    startApp(launcher, { database, clock, settings: { AWS_ENDPOINT_URL_EC2: sandbox.ec2, ...SANDBOX_AWS } }),
    startApp(metering, { database, clock }),
    startApp(billing, {
      database,
      clock,
      settings: {
        PORT: String(billingPort),
        PUBLIC_URL: url,
        STRIPE_API_KEY: 'sk_test_slipway_sandbox',
        STRIPE_API_BASE: sandbox.stripe,
        STRIPE_WEBHOOK_SECRET: WEBHOOK_SECRET,
      },
    }),
  ]);
  const serving = await startApp(api, {
    database,
    clock,
    settings: {
      AUTH_SECRET: 'a-secret-for-signing-test-sessions',
      PORT: String(apiPort),
      PUBLIC_URL: url,
      LAUNCHER_URL: launching.url,
      METERING_URL: counting.url,
      BILLING_URL: charging.url,
      PORTAL_DIR: join(FOLDER, 'dist'),
    },
  });
  const apps = [serving, launching, counting, charging];
  const stop = workAllTheTime([launching.nest, counting.nest, charging.nest]);
  return {
    url,
    database,
    sandbox,
    close: async () => {
      await stop();
      for (const app of apps) await app.close();
      await sandbox.close();
      await database.drop();
    },
  };
}

/** @returns what ends it. */
function workAllTheTime(apps: NestFastifyApplication[]): () => Promise<void> {
  const closing = new AbortController();
  const working = (async () => {
    // Without an end to wait for: on a slow machine there is always something due.
    while (!closing.signal.aborted) {
      for (const app of apps) await app.get(StageRunner, { strict: false }).settleOnce();
      await sleep(100);
    }
  })();
  return async () => {
    closing.abort();
    await working;
  };
}

/** Builds the portal when it is not built, or older than what it is built from. */
export async function buildPortal(): Promise<void> {
  const built = join(FOLDER, 'dist', 'index.html');
  const sources = ['src/**/*', 'index.html', 'vite.config.ts', '../../libs/domain/money.ts'];
  const newest = Math.max(...globSync(sources, { cwd: FOLDER }).map((file) => statSync(join(FOLDER, file)).mtimeMs));
  if (existsSync(built) && statSync(built).mtimeMs > newest) return;
  const vite = join(FOLDER, '..', '..', 'node_modules', 'vite', 'bin', 'vite.js');
  // The build is for production, whatever the tests run as.
  await promisify(execFile)(process.execPath, [vite, 'build', FOLDER], { env: { ...process.env, NODE_ENV: 'production' } });
}
