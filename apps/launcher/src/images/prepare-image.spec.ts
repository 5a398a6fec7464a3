/** From a version to images that can be sold, on the real SDK and the sandbox's EC2. */
import { afterEach, describe, expect, it } from 'vitest';
import { asCaller, type AppUnderTest } from '#testing/app.ts';
import { CONTROLS } from '#domain/image.ts';
import { newId } from '#platform/ids.ts';
import { ACME_VAULT, ACME_VAULT_BROKEN, launcherWorld, type World } from '../testing/world.ts';
import type { ImageView } from './images.schema.ts';
import { PrepareImage } from './prepare-image.ts';
import { ScanImage } from './scan-image.ts';

let world: World;
afterEach(() => world.close());

const statesOf = async (): Promise<string[]> =>
  (await world.database.sql<{ state: string }>('select state from launcher.image order by region')).map((row) => row.state);
const all = (state: string) => async (): Promise<boolean> =>
  (await statesOf()).every((each) => each === state) && (await statesOf()).length > 0;
const imagesInSandbox = (): number =>
  world.sandbox.store
    .table<{ sourceImageId?: string }>('ec2.image')
    .values()
    .filter((image) => image.sourceImageId).length;

async function images(
  organizationId = world.market.vendorId,
  kind: 'vendor' | 'operator' | 'buyer' = 'vendor',
): Promise<{ status: number; items: ImageView[] }> {
  const answer = await fetch(`${world.app.url}/v1/images?versionId=${world.market.versionId}`, {
    headers: await asCaller({ organizationId, kind }),
  });
  return { status: answer.status, items: ((await answer.json()) as { items: ImageView[] }).items };
}

describe('a version of Acme Vault', () => {
  it('is checked, copied and boot-tested in each of its regions, and the boot-test machines go', async () => {
    world = await launcherWorld({ regions: ['us-east-1', 'eu-west-1'] });
    expect((await images()).items.map((image) => image.state)).toEqual(['waiting', 'waiting']);
    await world.app.settle();

    const { items } = await images();
    expect(items.map(({ region, state, readyAt }) => ({ region, state, readyAt }))).toEqual([
      { region: 'us-east-1', state: 'ready', readyAt: '2026-01-05T09:00:00.000Z' },
      { region: 'eu-west-1', state: 'ready', readyAt: '2026-01-05T09:00:00.000Z' },
    ]);
    for (const { checks } of items) {
      expect(checks.map((check) => check.control)).toEqual([...CONTROLS]);
      // What nobody can see from outside, what the vendor left out, and which nothing says.
      const open = checks.filter((check) => check.result !== 'PASS');
      expect(open.map(({ control, result }) => [control, result])).toEqual([
        ['imds_v2', 'NOT_EXECUTED'],
        ['supported_os', 'NOT_EXECUTED'],
        ['authorized_keys', 'NOT_EXECUTED'],
        ['shell_history', 'NOT_EXECUTED'],
      ]);
    }
    const machines = await world.machines();
    expect(machines).toHaveLength(2);
    for (const machine of machines) {
      expect(machine).toMatchObject({ instanceType: 't3.micro', metadata: { httpTokens: 'required' } });
      expect(machine.tags['slipway:boot-test']).toBeDefined();
      expect(['shutting-down', 'terminated']).toContain(machine.state);
    }
  });

  it('shows how far each copy is, as far as EC2 says it, and never less than before', async () => {
    world = await launcherWorld({ regions: ['us-east-1', 'eu-west-1'], sandboxSettings: { copyMs: 3_600_000 } });
    const progress = async (): Promise<Array<number | null>> => (await images()).items.map((image) => image.progress);
    const settled = async (): Promise<boolean> => (await progress()).every((percent) => percent !== null);
    expect(await progress()).toEqual([null, null]);
    await world.app.settle(settled);
    expect(await progress()).toEqual([0, 0]);
    world.advance({ minutes: 30 });
    await world.app.settle(async () => (await progress()).every((percent) => percent! > 0));
    for (const percent of await progress()) {
      expect(percent).toBeGreaterThanOrEqual(45);
      expect(percent).toBeLessThanOrEqual(55);
    }
    world.advance({ minutes: 30 });
    await world.app.settle();
    expect(await progress()).toEqual([100, 100]);
    expect((await images()).items.map((image) => image.state)).toEqual(['ready', 'ready']);
  });

  it('is copied to a region that is added later, and keeps its image where it is no longer offered', async () => {
    world = await launcherWorld();
    await world.app.settle();
    const before = await images();
    await world.database.sql(`update api.version set regions = '{eu-west-1}'`);
    await world.app.settle();
    const { items } = await images();
    expect(items.map(({ region, state, restricted }) => ({ region, state, restricted }))).toEqual([
      { region: 'eu-west-1', state: 'ready', restricted: false },
      { region: 'us-east-1', state: 'ready', restricted: true },
    ]);
    expect(items[1]!.amiId).toBe(before.items[0]!.amiId);
    expect(imagesInSandbox()).toBe(2);
  });

  it('keeps what was tested: the image, its snapshots, and the digest that its vendor gave', async () => {
    const digest = `sha256:${'0f'.repeat(32)}`;
    world = await launcherWorld();
    const table = world.sandbox.store.table<Record<string, unknown>>('ec2.image');
    table.set(ACME_VAULT, { ...table.get(ACME_VAULT), description: `Acme Vault 1.0.0, ${digest}` });
    await world.app.settle();
    const [image] = (await images()).items;
    expect(image).toMatchObject({
      amiId: expect.stringMatching(/^ami-/),
      snapshotIds: [expect.stringMatching(/^snap-/)],
      sourceDigest: digest,
    });
    expect(image!.checks.find((check) => check.control === 'unchanged')).toMatchObject({
      result: 'PASS',
      reason: `${image!.amiId} of ${image!.snapshotIds[0]} is what was tested.`,
    });
    for (const change of [
      `ami_id = 'ami-0000000000000beef'`,
      `snapshot_ids = '{}'`,
      `source_digest = null`,
      `ready_at = now()`,
    ]) {
      await expect(world.database.sql(`update launcher.image set ${change}`), change).rejects.toThrow('is what was tested');
    }
    await expect(world.database.sql(`update launcher.image_scan set failure = 'No.'`)).rejects.toThrow('stays as it was');
  });

  it('has its copy rejected where it does not boot, with a sentence, and the boot-test machine terminated', async () => {
    world = await launcherWorld({ sourceImageId: ACME_VAULT_BROKEN });
    await world.app.settle(async () => (await world.machines()).some((machine) => machine.state === 'running'));
    world.advance({ seconds: 301 });
    await world.app.settle();

    const [image] = (await images()).items;
    expect(image).toMatchObject({ state: 'rejected', readyAt: null });
    expect(image?.rejection).toMatch(/^It did not boot: after 300 seconds its health check said: \w+\.$/);
    expect(image?.checks.find((check) => check.control === 'boots')).toMatchObject({ result: 'FAIL' });
    expect((await world.machines()).map((machine) => machine.state)).toEqual([expect.stringMatching(/shutting-down|terminated/)]);
  });

  it('is not rejected for a clock that was moved before the machine could answer', async () => {
    world = await launcherWorld();
    await world.app.settle(async () => (await world.machines()).length > 0);
    world.clock.advance({ days: 40 });
    await world.app.settle();
    expect(await statesOf()).toEqual(['ready']);
  });

  it('names everything that is wrong with its image, and copies nothing', async () => {
    world = await launcherWorld();
    const table = world.sandbox.store.table<Record<string, unknown>>('ec2.image');
    table.set('ami-0acce550000000001', { ...table.get('ami-0acce550000000001'), encrypted: true, enaSupport: false });
    await world.app.settle();
    const [image] = (await images()).items;
    expect(image?.state).toBe('rejected');
    expect(image?.rejection).toContain('A snapshot of it is encrypted');
    expect(image?.rejection).toContain('ENA');
    expect(image?.checks.find((check) => check.control === 'boots')?.result).toBe('NOT_EXECUTED');
    expect(imagesInSandbox()).toBe(0);
  });

  it('is rejected when its image is not shared with the marketplace', async () => {
    world = await launcherWorld({ sourceImageId: 'ami-0123456789abcdef0' });
    await world.app.settle();
    expect((await images()).items[0]?.rejection).toContain(
      'ami-0123456789abcdef0 is not there in us-east-1, or it is not shared',
    );
  });

  it('is rejected in a region where nothing is sold, and ready in the other', async () => {
    world = await launcherWorld({ regions: ['us-east-1', 'ap-south-1'] });
    await world.app.settle();
    expect((await images()).items.map((image) => image.state)).toEqual(['ready', 'rejected']);
  });

  it('is copied and booted once though answers are lost and two launchers work on it', async () => {
    world = await launcherWorld();
    const apps = [world.app, await world.another()];
    const work = async (app: AppUnderTest): Promise<void> => {
      await app.nest.get(PrepareImage, { strict: false }).work(world.market.versionId);
      for (const id of await app.nest.get(ScanImage, { strict: false }).due())
        await app.nest.get(ScanImage, { strict: false }).work(id);
    };
    world.sandbox.faults.failNext({ operation: 'CopyImage', code: '', commitThenTimeOut: true, times: 2 });
    world.sandbox.faults.failNext({ operation: 'RunInstances', code: '', commitThenTimeOut: true, times: 2 });
    const failures: unknown[] = [];
    for (let round = 0; round < 40 && !(await all('ready')()); round += 1) {
      const outcomes = await Promise.allSettled(apps.map(work));
      failures.push(...outcomes.filter((outcome) => outcome.status === 'rejected'));
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    expect(await statesOf()).toEqual(['ready']);
    expect(failures.length).toBeGreaterThanOrEqual(2);
    expect(imagesInSandbox()).toBe(1);
    expect(await world.machines()).toHaveLength(1);
  });

  it('ends its boot-test machine after a crash between the verdict and the end', async () => {
    world = await launcherWorld();
    world.sandbox.faults.failNext({ operation: 'TerminateInstances', code: 'InternalError' });
    await expect(world.app.settle()).rejects.toThrow('InternalError');
    expect(await statesOf()).toEqual(['ready']);
    await world.app.settle();
    expect((await world.machines()).map((machine) => machine.state)).toEqual([expect.stringMatching(/shutting-down|terminated/)]);
  });

  it('shows its images to its vendor and to operators, and to nobody else', async () => {
    world = await launcherWorld();
    expect((await images(newId())).status).toBe(404);
    expect((await images(world.market.buyerId, 'buyer')).status).toBe(403);
    expect((await images(newId(), 'operator')).status).toBe(200);
  });
});
