/** The portal under test: built from its present sources, served by a real api, with a launcher and a sandbox behind it. */
import { execFile } from 'node:child_process';
import { existsSync, globSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { settle, startApp } from '#testing/app.ts';
import { createTestDatabase, type TestDatabase } from '#testing/database.ts';
import { freePort } from '#testing/ports.ts';
import { api } from '../api/src/api.app.ts';
import { launcher } from '../launcher/src/launcher.app.ts';
import { startSandbox, type Sandbox } from '../sandbox/src/server.ts';

const FOLDER = import.meta.dirname;

export interface Marketplace {
  url: string;
  database: TestDatabase;
  sandbox: Sandbox;
  close: () => Promise<void>;
}

/** Starts all that the portal talks to. Stages are worked all the time, as in a running process. */
export async function startMarketplace(): Promise<Marketplace> {
  const [database, sandbox, port] = await Promise.all([createTestDatabase(), startSandbox(), freePort()]);
  const launching = await startApp(launcher, {
    database,
    settings: {
      AWS_ENDPOINT_URL_EC2: sandbox.ec2,
      AWS_ACCESS_KEY_ID: 'AKIASLIPWAYSANDBOX01',
      AWS_SECRET_ACCESS_KEY: 'sandbox-secret-do-not-use-elsewhere',
    },
  });
  const url = `http://127.0.0.1:${port}`;
  const serving = await startApp(api, {
    database,
    settings: {
      AUTH_SECRET: 'a-secret-for-signing-test-sessions',
      PORT: String(port),
      PUBLIC_URL: url,
      LAUNCHER_URL: launching.url,
      PORTAL_DIR: join(FOLDER, 'dist'),
    },
  });
  const closing = new AbortController();
  const working = (async () => {
    while (!closing.signal.aborted) {
      await settle([launching.nest]);
      await sleep(100);
    }
  })();
  return {
    url,
    database,
    sandbox,
    close: async () => {
      closing.abort();
      await working;
      await serving.close();
      await launching.close();
      await sandbox.close();
      await database.drop();
    },
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
