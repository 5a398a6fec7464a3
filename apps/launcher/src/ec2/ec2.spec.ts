/** The port to EC2: its error kinds, its reading of EC2's notes, and verbs that no stage uses in passing. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSandbox, type Sandbox } from '../../../sandbox/src/server.ts';
import { LauncherConfig } from '../config.ts';
import { kindOf } from './ec2.errors.ts';
import { timeIn } from './ec2.read.ts';
import { Ec2Clients } from './clients.ts';
import { Ec2Groups } from './groups.ts';
import { Ec2Images } from './images.ts';
import { Ec2Machines } from './machines.ts';
import { ownPlace } from './place.ts';

let sandbox: Sandbox;
let clients: Ec2Clients;
const here = ownPlace('us-east-1');
beforeAll(async () => {
  sandbox = await startSandbox();
  const config: Partial<LauncherConfig> = {
    AWS_ENDPOINT_URL_EC2: sandbox.ec2,
    AWS_ACCESS_KEY_ID: 'AKIASLIPWAYSANDBOX01',
    AWS_SECRET_ACCESS_KEY: 'sandbox-secret-do-not-use-elsewhere',
  };
  clients = new Ec2Clients(config as LauncherConfig);
});
afterAll(async () => {
  clients.onApplicationShutdown();
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
    ['UnauthorizedOperation', 403, 'unavailable'],
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

it('shares an image with an account and takes it back', async () => {
  const ec2 = new Ec2Images(clients);
  const copy = { token: 'share', name: 'share-me', sourceRegion: 'us-east-1', sourceImageId: 'ami-0acce550000000001', tags: {} };
  const imageId = await ec2.copyImage(here, copy);
  const sharedWith = (): unknown =>
    sandbox.store.table<{ launchPermissions: string[] }>('ec2.image').get(imageId)?.launchPermissions;
  await ec2.shareImage(here, imageId, '333344445555', true);
  expect(sharedWith()).toEqual(['333344445555']);
  await ec2.shareImage(here, imageId, '333344445555', false);
  expect(sharedWith()).toEqual([]);
});
