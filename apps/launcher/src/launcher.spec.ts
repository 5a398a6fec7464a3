/** The launcher as a process: its settings, and that it works without anybody's hand. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { build } from '#platform/app.ts';
import { ConfigError } from '#platform/config.ts';
import { loadLauncherConfig } from './config.ts';
import { launcher } from './launcher.app.ts';
import { launcherWorld } from './testing/world.ts';

it('goes from a version and a launch to a healthy machine by itself, within seconds', async () => {
  const world = await launcherWorld({ settings: { SWEEP_SECONDS: '30' } });
  const id = await world.launch();
  const app = await build(launcher, loadLauncherConfig(world.settings));
  await app.init();
  try {
    const deadline = Date.now() + 20_000;
    while ((await world.instance(id))?.state !== 'healthy' && Date.now() < deadline) await sleep(100);
    expect(await world.instance(id)).toMatchObject({ state: 'healthy', failure: null });
    expect(await world.database.sql('select * from launcher.stuck_work')).toEqual([]);
  } finally {
    await app.close();
    await world.close();
  }
});

const settings = {
  DATABASE_URL: 'postgres://launcher:x@127.0.0.1:1/slipway',
  SECRETS_KEY: Buffer.alloc(32, 7).toString('base64'),
  CALLER_SECRET: 'a-caller-secret-that-only-tests-use',
  BOOT_TEST_FROM: '203.0.113.7/32',
};
const problemsOf = (given: Record<string, string>): string[] => {
  try {
    loadLauncherConfig({ ...settings, ...given });
    return [];
  } catch (error) {
    return (error as ConfigError).problems;
  }
};

it('refuses the demo’s secrets at the real EC2, and takes them at a sandbox', () => {
  const demo = { CALLER_SECRET: 'slipway-demo-caller-secret-0123456789' };
  expect(problemsOf({ ...demo, AWS_ENDPOINT_URL_EC2: 'http://127.0.0.1:4100' })).toEqual([]);
  expect(problemsOf(demo)).toEqual([expect.stringContaining('CALLER_SECRET is the demo')]);
});

it('refuses half an access key and what is not a region', () => {
  expect(problemsOf({ AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE' })).toEqual([expect.stringContaining('belong together')]);
  expect(problemsOf({ LAUNCH_REGIONS: 'us-east-1, mars' })).toEqual([expect.stringContaining('LAUNCH_REGIONS')]);
});

it('asks at the real EC2 where it calls from, so that nobody else gets at a machine that was not tested yet', () => {
  expect(problemsOf({ BOOT_TEST_FROM: '' })).toEqual([expect.stringContaining('BOOT_TEST_FROM is missing')]);
  expect(problemsOf({ BOOT_TEST_FROM: 'everybody' })).toEqual([expect.stringContaining('BOOT_TEST_FROM')]);
  expect(problemsOf({ BOOT_TEST_FROM: '', AWS_ENDPOINT_URL_EC2: 'http://127.0.0.1:4100' })).toEqual([]);
  const config = loadLauncherConfig({ ...settings, BOOT_TEST_FROM: '203.0.113.7/32, 198.51.100.0/24', BOOT_TEST_PORTS: 'none' });
  expect(config.BOOT_TEST_FROM).toEqual(['203.0.113.7/32', '198.51.100.0/24']);
  expect(config.BOOT_TEST_PORTS).toEqual([]);
  expect(loadLauncherConfig(settings).BOOT_TEST_PORTS).toContain(5432);
});
