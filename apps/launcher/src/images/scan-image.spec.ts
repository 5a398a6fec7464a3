/** Runs over images: boot tests in a group of their own, and looking again at what is sold. On the real SDK, SSH and the sandbox. */
import { afterEach, describe, expect, it } from 'vitest';
import { asCaller, type AppUnderTest } from '#testing/app.ts';
import { newId } from '#platform/ids.ts';
import { freePort } from '#testing/ports.ts';
import { forgotten, keysOnly, sshServer, tcpServer, type Listener } from '../testing/ssh-server.ts';
import { launcherWorld, type World } from '../testing/world.ts';
import type { ImageView } from './images.schema.ts';
import { PrepareImage } from './prepare-image.ts';
import { ScanImage } from './scan-image.ts';
import type { NoticeView, ScanView } from './scans.schema.ts';

let world: World;
const listeners: Listener[] = [];
afterEach(async () => {
  for (const listener of listeners.splice(0)) await listener.close();
  await world.close();
});

type Group = { groupId: string; name: string; rules: Array<{ fromPort?: number; toPort?: number; cidrIpv4?: string }> };
type SandboxImage = Record<string, unknown> & { imageId: string; sourceImageId?: string };

const groups = (): Group[] => world.sandbox.store.table<Group>('ec2.security-group').values();
const sandboxImages = () => world.sandbox.store.table<SandboxImage>('ec2.image');
const ourCopy = (): SandboxImage =>
  sandboxImages()
    .values()
    .find((image) => image.sourceImageId)!;
const change = (image: SandboxImage, changes: object): void => sandboxImages().set(image.imageId, { ...image, ...changes });

async function ask<T>(
  path: string,
  kind: 'vendor' | 'operator' | 'buyer' = 'vendor',
  organizationId = world.market.vendorId,
): Promise<T> {
  const answer = await fetch(`${world.app.url}${path}`, { headers: await asCaller({ organizationId, kind }) });
  return { status: answer.status, ...((await answer.json()) as object) } as T;
}

const image = async (): Promise<ImageView> =>
  (await ask<{ items: ImageView[] }>(`/v1/images?versionId=${world.market.versionId}`)).items[0]!;
const scans = async (): Promise<ScanView[]> => (await ask<{ items: ScanView[] }>(`/v1/images/${(await image()).id}/scans`)).items;
const notices = async (state = 'open'): Promise<NoticeView[]> =>
  (await ask<{ items: NoticeView[] }>(`/v1/image-notices?state=${state}`)).items;
const resultOf = (checks: ImageView['checks'], control: string): string | undefined =>
  checks.find((check) => check.control === control)?.result;

/** Nothing of any boot test is left in EC2. */
async function expectNothingLeft(): Promise<void> {
  expect(groups().filter((group) => group.name.startsWith('slipway-boot-test'))).toEqual([]);
  const machines = (await world.machines()).filter((machine) => machine.tags['slipway:boot-test']);
  expect(new Set(machines.map((machine) => machine.state))).toEqual(new Set(['terminated']));
  expect(await world.database.sql('select id from launcher.image_scan where cleaned_at is null')).toEqual([]);
}

/** Acme sells the version. */
const listed = (): Promise<unknown> =>
  world.database.sql(
    `insert into api.listing (product_id, slug, summary, description, category, state, version_id, listed_at)
     values ($1, 'acme-vault', 'Keeps secrets.', 'Long.', 'security', 'public', $2, $3)`,
    [world.market.productId, world.market.versionId, world.clock.now()],
  );

describe('a boot test', () => {
  it('has a security group of its own that lets in the launcher alone, and both go with it', async () => {
    const [sshPort, riskyPort] = [await freePort(), await freePort()];
    world = await launcherWorld({
      settings: { BOOT_TEST_FROM: '203.0.113.7/32', BOOT_TEST_SSH_PORT: `${sshPort}`, BOOT_TEST_PORTS: `${riskyPort}` },
    });
    await world.database.sql(`update api.version set ports = '[{"port":8443,"protocol":"tcp","description":"Admin"}]'`);
    await world.app.settle(async () => (await world.machines()).length > 0);

    const [group] = groups().filter(({ name }) => name.startsWith('slipway-boot-test'));
    expect(group!.rules.map(({ fromPort, toPort, cidrIpv4 }) => ({ fromPort, toPort, cidrIpv4 }))).toEqual(
      [world.sandbox.appliancePort, 8443, sshPort, riskyPort].map((port) => ({
        fromPort: port,
        toPort: port,
        cidrIpv4: '203.0.113.7/32',
      })),
    );
    const [machine] = await world.machines();
    expect(machine).toMatchObject({ groupIds: [group!.groupId], metadata: { httpTokens: 'required' } });

    await world.app.settle();
    expect((await image()).state).toBe('ready');
    await expectNothingLeft();
  });

  it('rejects an image that takes passwords, and says which of them everybody knows', async () => {
    const ssh = await sshServer(forgotten);
    listeners.push(ssh);
    world = await launcherWorld({ settings: { BOOT_TEST_SSH_PORT: `${ssh.port}` } });
    await world.app.settle();
    const { state, rejection, checks } = await image();
    expect(state).toBe('rejected');
    expect(rejection).toContain('set PasswordAuthentication');
    expect(rejection).toContain('SSH let in admin with "admin"');
    for (const control of ['ssh_passwords', 'ssh_root', 'default_credentials']) expect(resultOf(checks, control)).toBe('FAIL');
    expect(resultOf(checks, 'boots')).toBe('PASS');
    await expectNothingLeft();
  });

  it('takes an image whose SSH wants a key, and learns its operating system from the greeting', async () => {
    const ssh = await sshServer(keysOnly);
    listeners.push(ssh);
    world = await launcherWorld({ settings: { BOOT_TEST_SSH_PORT: `${ssh.port}` } });
    await world.app.settle();
    const { state, checks } = await image();
    expect(state).toBe('ready');
    expect(checks.find((check) => check.control === 'supported_os')).toMatchObject({
      result: 'PASS',
      reason: expect.stringContaining('Ubuntu 24.04 is mended until 2029-05-31'),
    });
  });

  it('rejects an image whose greeting gives away that nobody mends its system, whatever its vendor declares', async () => {
    const ssh = await sshServer(keysOnly, { ident: 'OpenSSH_7.4p1 Debian-10+deb9u7' });
    listeners.push(ssh);
    world = await launcherWorld({ settings: { BOOT_TEST_SSH_PORT: `${ssh.port}` } });
    await world.database.sql(`update api.version set operating_system = 'Debian 12'`);
    await world.app.settle();
    expect((await image()).rejection).toMatch(/^Debian 9 has not been mended since 2022-06-30/);
  });

  it('gives SSH time to come up after the software did', async () => {
    const port = await freePort();
    world = await launcherWorld({ settings: { BOOT_TEST_SSH_PORT: `${port}`, BOOT_TEST_SSH_SECONDS: '30' } });
    const answered = async (): Promise<boolean> =>
      (await world.database.sql('select 1 from launcher.image_scan where answered_at is not null')).length > 0;
    await world.app.settle(answered);
    expect((await image()).state).toBe('testing');
    listeners.push(await sshServer(forgotten, { port }));
    await world.app.settle();
    expect((await image()).state).toBe('rejected');
  });

  it('takes SSH for closed when it had its time', async () => {
    world = await launcherWorld({ settings: { BOOT_TEST_SSH_SECONDS: '30' } });
    await world.app.settle(
      async () => (await world.database.sql('select 1 from launcher.image_scan where answered_at is not null')).length > 0,
    );
    world.advance({ seconds: 31 });
    await world.app.settle();
    expect((await image()).checks.find((check) => check.control === 'ssh_root')).toMatchObject({
      result: 'PASS',
      reason: expect.stringMatching(/^Nothing answers on port \d+, where SSH would be\.$/),
    });
  });

  it('rejects an image with an open port that nobody declared, and takes it when it is declared', async () => {
    const redis = await tcpServer();
    listeners.push(redis);
    world = await launcherWorld({ settings: { BOOT_TEST_PORTS: `${redis.port}` } });
    await world.app.settle();
    expect((await image()).rejection).toBe(
      `Port ${redis.port} answers and is not declared; close it, or declare it with the version.`,
    );
    await world.close();

    world = await launcherWorld({ settings: { BOOT_TEST_PORTS: `${redis.port}` } });
    const ports = [{ port: redis.port, protocol: 'tcp', description: 'Cache' }];
    await world.database.sql('update api.version set ports = $1', [JSON.stringify(ports)]);
    await world.app.settle();
    expect((await image()).state).toBe('ready');
  });

  it('rejects an image of which EC2 makes no machine, and leaves no group behind', async () => {
    world = await launcherWorld();
    world.sandbox.faults.failNext({ operation: 'RunInstances', code: 'InvalidParameterValue' });
    await world.app.settle();
    expect((await image()).rejection).toMatch(/^No machine can be made of it: InvalidParameterValue/);
    expect(await world.machines()).toEqual([]);
    expect(groups().filter((group) => group.name.startsWith('slipway-boot-test'))).toEqual([]);
  });

  const calls = [
    'CopyImage',
    'CreateSecurityGroup',
    'AuthorizeSecurityGroupIngress',
    'RunInstances',
    'DescribeInstances',
    'DescribeImages',
    'DescribeSecurityGroups',
    'TerminateInstances',
    'DeleteSecurityGroup',
  ];
  for (const operation of calls) {
    it(`is made once and leaves nothing behind though two answers of ${operation} are lost and two launchers work on it`, async () => {
      world = await launcherWorld();
      const apps = [world.app, await world.another()];
      world.sandbox.faults.failNext({ operation, code: '', commitThenTimeOut: true, times: 2 });
      const failures = await workUntil(apps, async () => {
        const [row] = await world.database.sql('select 1 from launcher.image_scan where cleaned_at is not null');
        return row !== undefined;
      });
      expect(failures).toBeGreaterThanOrEqual(1);
      expect((await image()).state).toBe('ready');
      expect(await world.machines()).toHaveLength(1);
      expect(
        sandboxImages()
          .values()
          .filter(({ sourceImageId }) => sourceImageId),
      ).toHaveLength(1);
      await expectNothingLeft();
    });
  }

  it('is carried on by a launcher that was started after any of its steps', async () => {
    world = await launcherWorld();
    for (let step = 0; step < 40; step += 1) {
      const [done] = await world.database.sql('select 1 from launcher.image_scan where cleaned_at is not null');
      if (done) break;
      const app = step % 4 === 0 ? await world.another() : world.app;
      await workOnce(app);
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    expect((await image()).state).toBe('ready');
    expect(await world.machines()).toHaveLength(1);
    await expectNothingLeft();
  });

  it('does not leave a machine running whose making was never answered, though the run is judged meanwhile', async () => {
    world = await launcherWorld();
    world.sandbox.faults.failNext({ operation: 'RunInstances', code: '', commitThenTimeOut: true });
    await expect(world.app.settle()).rejects.toThrow('TimeoutError');
    expect(await world.machines()).toHaveLength(1);
    await world.database.sql(
      `update launcher.image_scan set ended_at = started_at, failure = 'Judged by somebody else.' where ended_at is null`,
    );
    await world.app.settle();
    await expectNothingLeft();
  });
});

/** @returns how many steps failed. */
async function workUntil(apps: AppUnderTest[], done: () => Promise<boolean>): Promise<number> {
  let failures = 0;
  for (let round = 0; round < 80 && !(await done()); round += 1) {
    const outcomes = await Promise.allSettled(apps.map(workOnce));
    failures += outcomes.filter((outcome) => outcome.status === 'rejected').length;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  return failures;
}

async function workOnce(app: AppUnderTest): Promise<void> {
  for (const type of [PrepareImage, ScanImage]) {
    const stage = app.nest.get<PrepareImage | ScanImage>(type, { strict: false });
    for (const id of await stage.due()) await stage.work(id);
  }
}

describe('an image that is sold', () => {
  it('is looked at again every week and booted every fourth, and its vendor sees each run', async () => {
    world = await launcherWorld();
    await world.app.settle();
    await listed();
    for (let week = 0; week < 4; week += 1) {
      world.advance({ days: 7 });
      await world.app.settle();
    }
    const runs = await scans();
    expect(runs.map(({ reason, bootTest, passed, startedAt }) => [reason, bootTest, passed, startedAt.slice(0, 10)])).toEqual([
      ['again', true, true, '2026-02-02'],
      ['again', false, true, '2026-01-26'],
      ['again', false, true, '2026-01-19'],
      ['again', false, true, '2026-01-12'],
      ['first', true, true, '2026-01-05'],
    ]);
    expect(runs[1]!.checks.find((check) => check.control === 'boots')).toEqual({
      control: 'boots',
      result: 'NOT_EXECUTED',
      reason: 'Not part of this run; the last boot test was on 2026-01-05.',
    });
    expect(resultOf(runs[0]!.checks, 'unchanged')).toBe('PASS');
    expect(resultOf((await image()).checks, 'boots')).toBe('PASS');
    expect(await notices()).toEqual([]);
    await expectNothingLeft();
  });

  it('is not looked at again when nobody sells or runs it', async () => {
    world = await launcherWorld();
    await world.app.settle();
    world.advance({ days: 60 });
    await world.app.settle();
    expect(await scans()).toHaveLength(1);
  });

  it('is looked at again while a buyer runs it, though it is no longer sold', async () => {
    world = await launcherWorld();
    const launchId = await world.launch();
    await world.app.settle(async () => (await world.instance(launchId))?.state === 'healthy');
    world.advance({ days: 8 });
    await world.app.settle(async () => (await scans()).length > 1 && (await scans())[0]!.endedAt !== null);
    expect((await scans())[0]).toMatchObject({ reason: 'again', passed: true });
  });

  it('stays on sale when it fails now, and its vendor and operators are told, once, until it is mended', async () => {
    world = await launcherWorld();
    await world.app.settle();
    await listed();
    change(ourCopy(), { enaSupport: false });
    for (const days of [7, 7]) {
      world.advance({ days });
      await world.app.settle();
    }
    expect(await image()).toMatchObject({ state: 'ready', rejection: null });
    const [notice, ...others] = await notices();
    expect(others).toEqual([]);
    expect(notice).toMatchObject({
      kind: 'scan_failed',
      product: 'Acme Vault',
      version: '1.0.0',
      region: 'us-east-1',
      reason: expect.stringContaining('ENA'),
      createdAt: '2026-01-12T09:00:00.000Z',
      resolvedAt: null,
    });
    expect((await scans()).find((scan) => scan.id === notice!.scanId)).toMatchObject({ passed: false, failure: notice!.reason });
    expect((await ask<{ items: NoticeView[] }>('/v1/image-notices', 'operator', newId())).items).toHaveLength(1);

    change(ourCopy(), { enaSupport: true });
    world.advance({ days: 7 });
    await world.app.settle();
    expect(await notices()).toEqual([]);
    expect(await notices('all')).toMatchObject([{ id: notice!.id, resolvedAt: '2026-01-26T09:00:00.000Z' }]);
  });

  it('keeps a notice of what a boot test found until another boot test finds it mended', async () => {
    const port = await freePort();
    world = await launcherWorld({ settings: { BOOT_TEST_SSH_PORT: `${port}`, BOOT_RESCAN_DAYS: '14' } });
    await world.app.settle();
    await listed();
    const ssh = await sshServer(forgotten, { port });
    listeners.push(ssh);
    const openAfter = async (days: number): Promise<number> => {
      world.advance({ days });
      await world.app.settle();
      return (await notices()).length;
    };
    expect([await openAfter(7), await openAfter(7)]).toEqual([0, 1]);
    await ssh.close();
    listeners.length = 0;
    expect([await openAfter(7), await openAfter(7)]).toEqual([1, 0]);
    await expectNothingLeft();
  });

  it('fails by time alone when its operating system comes to its end', async () => {
    world = await launcherWorld({ settings: { BOOT_RESCAN_DAYS: '3650' } });
    await world.database.sql(`update api.version set operating_system = 'Ubuntu 25.04'`);
    await world.app.settle();
    await listed();
    world.advance({ days: 14 });
    await world.app.settle();
    expect(await notices()).toMatchObject([
      { reason: expect.stringMatching(/^Ubuntu 25\.04 has not been mended since 2026-01-17/) },
    ]);
  });

  it('is told of when our copy is gone, and no machine is asked for', async () => {
    world = await launcherWorld({ settings: { BOOT_RESCAN_DAYS: '1' } });
    await world.app.settle();
    await listed();
    sandboxImages().delete(ourCopy().imageId);
    world.advance({ days: 7 });
    await world.app.settle();
    const [{ reason }] = (await notices()) as [NoticeView];
    expect(reason).toMatch(/our copy in us-east-1, is gone\. ami-\w+, which was tested, is gone/);
    expect(await world.machines()).toHaveLength(1);
  });

  it('shows its runs and notices to its vendor and to operators, and to nobody else', async () => {
    world = await launcherWorld();
    await world.app.settle();
    const path = `/v1/images/${(await image()).id}/scans`;
    const status = async (kind: 'vendor' | 'operator' | 'buyer', organizationId: string): Promise<number> =>
      (await ask<{ status: number }>(path, kind, organizationId)).status;
    expect(await status('vendor', world.market.vendorId)).toBe(200);
    expect(await status('operator', newId())).toBe(200);
    expect(await status('vendor', newId())).toBe(404);
    expect(await status('buyer', world.market.buyerId)).toBe(403);
    expect((await ask<{ status: number }>(`/v1/images/${newId()}/scans`)).status).toBe(404);
    expect((await ask<{ status: number }>('/v1/image-notices', 'buyer', world.market.buyerId)).status).toBe(403);
  });
});
