/** The port to EC2: its error kinds, its reading of EC2's notes, and verbs that no stage uses in passing. */
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { startSandbox, type Sandbox } from '../../../sandbox/src/server.ts';
import { LauncherConfig } from '../config.ts';
import { kindOf } from './ec2.errors.ts';
import { timeIn } from './ec2.read.ts';
import { Ec2Clients } from './clients.ts';
import { Ec2Groups } from './groups.ts';
import { Ec2Images } from './images.ts';
import { Ec2Machines } from './machines.ts';
import { ownPlace, type AwsConnection } from './place.ts';
import { Pacer } from './pacer.ts';
import { Roles } from './roles.ts';

let sandbox: Sandbox;
let roles: Roles;
let clients: Ec2Clients;
const here = ownPlace('us-east-1');
let config: LauncherConfig;
beforeAll(async () => {
  sandbox = await startSandbox();
  const settings: Partial<LauncherConfig> = {
    AWS_ENDPOINT_URL_EC2: sandbox.ec2,
    LAUNCH_REGIONS: ['us-east-1', 'eu-west-1'],
    AWS_ACCESS_KEY_ID: 'AKIASLIPWAYSANDBOX01',
    AWS_SECRET_ACCESS_KEY: 'sandbox-secret-do-not-use-elsewhere',
  };
  config = settings as LauncherConfig;
  roles = new Roles(config);
  clients = new Ec2Clients(config, roles, new Pacer());
});
afterAll(async () => {
  clients.onApplicationShutdown();
  roles.onApplicationShutdown();
  await sandbox.close();
});

describe('errors of EC2', () => {
  const table: Array<[string, number | undefined, string]> = [
    ['InvalidInstanceID.NotFound', 400, 'gone'],
    ['InvalidAMIID.NotFound', 400, 'gone'],
    ['InsufficientInstanceCapacity', 500, 'capacity'],
    ['VcpuLimitExceeded', 400, 'capacity'],
    ['RequestLimitExceeded', 503, 'throttled'],
    ['InvalidParameterValue', 400, 'refused'],
    ['UnauthorizedOperation', 403, 'denied'],
    ['AccessDenied', 403, 'denied'],
    ['ExpiredToken', 403, 'unavailable'],
    ['IdempotentParameterMismatch', 400, 'unavailable'],
    ['InternalError', 500, 'unavailable'],
    ['TimeoutError', undefined, 'unavailable'],
  ];
  for (const [code, status, kind] of table) it(`${code} is "${kind}"`, () => expect(kindOf(code, status)).toBe(kind));

  it('keep the code, also when nobody answers', async () => {
    const machines = new Ec2Machines(clients);
    sandbox.faults.failNext({ operation: 'DescribeInstances', code: 'RequestLimitExceeded' });
    await expect(machines.machineByToken(here, 'x')).rejects.toMatchObject({ kind: 'throttled', code: 'RequestLimitExceeded' });
    sandbox.faults.failNext({ operation: 'DescribeInstances', code: '', commitThenTimeOut: true });
    await expect(machines.machineByToken(here, 'x')).rejects.toMatchObject({ kind: 'unavailable', code: 'TimeoutError' });
  });
});

it('finds a machine by its token also at an EC2 that does not know the filter', async () => {
  // What was throttled before is not known to these.
  const own = new Ec2Clients(config, roles, new Pacer());
  const machines = new Ec2Machines(own);
  const order = {
    token: 'found-among-all',
    imageId: 'ami-0acce550000000001',
    instanceType: 't3.micro',
    securityGroupId: await new Ec2Groups(own).groupFor(here, 8080),
    tags: {},
  };
  const { instanceId } = await machines.run(here, order);
  const unknown = { operation: 'DescribeInstances', code: 'InvalidParameterValue' };
  sandbox.faults.failNext(unknown);
  expect(await machines.machineByToken(here, order.token)).toMatchObject({ instanceId });
  sandbox.faults.failNext(unknown);
  expect(await machines.machineByToken(here, 'nobody’s')).toBe('missing');
  own.onApplicationShutdown();
});

it('asks nothing of a region that is none', async () => {
  await expect(new Ec2Images(clients).image(ownPlace('example.com#'), 'ami-0acce550000000001')).rejects.toMatchObject({
    kind: 'refused',
    code: 'InvalidRegion',
  });
});

it('reads when a machine ended from EC2’s note', () => {
  expect(timeIn('User initiated (2026-01-05 09:00:00 GMT)')).toEqual(new Date('2026-01-05T09:00:00Z'));
  expect(timeIn('Server.InternalError')).toBeNull();
});

it('opens a port once, however often and at once it is asked to', async () => {
  const ec2 = new Ec2Groups(clients);
  const groups = await Promise.allSettled([ec2.groupFor(here, 8080), ec2.groupFor(here, 8080)]);
  const again = await ec2.groupFor(here, 8080);
  for (const group of groups) if (group.status === 'fulfilled') expect(group.value).toBe(again);
  expect(await ec2.groupFor(here, 8081)).not.toBe(again);
});

it('shares an image with accounts and takes it back', async () => {
  const ec2 = new Ec2Images(clients);
  const copy = { token: 'share', name: 'share-me', sourceRegion: 'us-east-1', sourceImageId: 'ami-0acce550000000001', tags: {} };
  const imageId = await ec2.copyImage(here, copy);
  const sharedWith = (): unknown =>
    sandbox.store.table<{ launchPermissions: string[] }>('ec2.image').get(imageId)?.launchPermissions;
  await ec2.shareImage(here, imageId, ['333344445555', '222233334444'], true);
  expect(await ec2.sharedWith(here, imageId)).toEqual(['333344445555', '222233334444']);
  await ec2.shareImage(here, imageId, ['333344445555', 'all'], true);
  expect(sharedWith()).toEqual(['222233334444', '333344445555', 'all']);
  await ec2.shareImage(here, imageId, ['333344445555', 'all', '222233334444'], false);
  expect(await ec2.sharedWith(here, imageId)).toEqual([]);
});

describe('through a buyer’s connection', () => {
  const connection: AwsConnection = {
    id: '019b8c2e-7d00-7000-8000-000000000001',
    accountId: '333344445555',
    roleArn: 'arn:aws:iam::333344445555:role/slipway/SlipwayRole',
    externalId: 'slipway-globex',
  };
  const sessions = (): Array<{ accountId: string; session?: { name: string; externalId?: string } }> =>
    sandbox.store
      .table<{ accountId: string; session?: { name: string; externalId?: string } }>('access-key')
      .values()
      .filter((key) => key.session);
  const declare = ({ roleArn, externalId }: AwsConnection): Promise<unknown> =>
    fetch(`${sandbox.control}/roles`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ roleArn, externalId }),
    });
  afterEach(() => vi.useRealTimers());

  it('works in the buyer’s account, as a session that is named after the connection', async () => {
    await declare(connection);
    const groups = new Ec2Groups(clients);
    const groupId = await groups.groupFor({ region: 'us-east-1', connection }, 8080);
    expect(groupId).not.toBe(await groups.groupFor(here, 8080));
    expect(sessions()).toMatchObject([
      { accountId: '333344445555', session: { name: `slipway-${connection.id}`, externalId: 'slipway-globex' } },
    ]);
  });

  it('tags whatever it makes with whose it is, for policies to know it by', async () => {
    const order = {
      token: 'own',
      imageId: 'ami-0acce550000000001',
      instanceType: 't3.micro',
      securityGroupId: await new Ec2Groups(clients).groupFor(here, 8080),
      tags: { Name: 'Vault' },
    };
    const { instanceId } = await new Ec2Machines(clients).run(here, order);
    const made = (await (await fetch(`${sandbox.control}/instances`)).json()) as Array<{ instanceId: string; tags: object }>;
    expect(made.find((machine) => machine.instanceId === instanceId)?.tags).toEqual({
      Name: 'Vault',
      'slipway:connection': 'platform',
    });
  });

  it('keeps its session for all regions, and begins another shortly before it ends', async () => {
    // An SDK that saw the time jump goes on to correct for it, so these are this test's own.
    const machines = new Ec2Machines(new Ec2Clients(config, new Roles(config), new Pacer()));
    const look = (region: string): Promise<unknown> => machines.machineByToken({ region, connection }, 'none');
    const before = sessions().length;
    await Promise.all([look('us-east-1'), look('eu-west-1'), look('us-east-1')]);
    expect(sessions()).toHaveLength(before + 1);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 56 * 60_000 });
    await Promise.all([look('us-east-1'), look('eu-west-1')]);
    expect(sessions()).toHaveLength(before + 2);
  });

  it('is denied when the role asks for another external id, and by the next call when it no longer does', async () => {
    const other = { ...connection, externalId: 'slipway-hooli' };
    const look = (): Promise<unknown> =>
      new Ec2Machines(clients).machineByToken({ region: 'us-east-1', connection: other }, 'none');
    await expect(look()).rejects.toMatchObject({ kind: 'denied', code: 'AccessDenied' });
    await declare(other);
    await expect(look()).resolves.toBe('missing');
  });
});
