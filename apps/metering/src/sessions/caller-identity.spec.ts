import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { MeterUsageCommand } from '@aws-sdk/client-marketplace-metering';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startApp, type AppUnderTest } from '#testing/app.ts';
import { TestClock } from '#testing/clock.ts';
import { createTestDatabase, type TestDatabase } from '#testing/database.ts';
import { subscribedMarketplace, type Marketplace } from '#testing/fixtures.ts';
import { startSandbox, type Sandbox } from '../../../sandbox/src/server.ts';
import { stsOf } from '../../../sandbox/src/testing/clients.ts';
import { metering } from '../metering.app.ts';
import { certificateFile, launchedMachine, type Ec2Machine } from '../testing/ec2.ts';
import { meteringClient } from '../testing/wire.ts';
import type { InstanceCredentials } from './sessions.schema.ts';

interface Keys {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
}

interface Signed {
  url: string;
  headers: Record<string, string>;
  body: string;
}

let database: TestDatabase;
let sandbox: Sandbox;
let app: AppUnderTest;
let shop: Marketplace;
let machine: Ec2Machine;
/** Somewhere that is not STS and would like to be asked. */
let elsewhere: Server;
let asked = 0;
const clock = new TestClock('2026-01-05T15:20:00Z');

beforeAll(async () => {
  [database, sandbox] = await Promise.all([createTestDatabase(), startSandbox({ bootMs: 0 })]);
  elsewhere = createServer((_, response) => {
    asked += 1;
    response.end();
  });
  await new Promise<void>((done) => elsewhere.listen(0, '127.0.0.1', done));
  app = await startApp(metering, {
    database,
    clock,
    settings: {
      IDENTITY_CERTIFICATES_FILE: certificateFile(sandbox),
      STS_URLS: sandbox.sts,
      IDENTITY_ROLES: 'slipway-machine',
      SERVER_ID: 'market.example',
    },
  });
});

afterAll(async () => {
  await app?.close();
  elsewhere?.close();
  await sandbox?.close();
  await database?.drop();
});

beforeEach(async () => {
  shop = await subscribedMarketplace(database);
  machine = await launchedMachine(sandbox, database, shop);
});

/** Credentials as EC2 gives them to a machine with that role: the session is named after the machine. */
async function roleKeys(session: string, role = 'slipway-machine'): Promise<Keys> {
  const { Credentials } = await stsOf(sandbox).send(
    new AssumeRoleCommand({ RoleArn: `arn:aws:iam::111122223333:role/${role}`, RoleSessionName: session }),
  );
  return {
    accessKeyId: Credentials!.AccessKeyId!,
    secretAccessKey: Credentials!.SecretAccessKey!,
    sessionToken: Credentials!.SessionToken,
  };
}

/** What the real SDK would send to STS, taken from it before it is sent. */
async function signed(credentials: Keys, serverId: string | null = 'market.example'): Promise<Signed> {
  const sts = new STSClient({ endpoint: sandbox.sts, region: 'us-east-1', credentials });
  let request: { headers: Record<string, string>; body: string } | undefined;
  sts.middlewareStack.add(
    (next) => (args) => {
      if (serverId !== null) (args.request as Signed).headers['x-slipway-server-id'] = serverId;
      return next(args);
    },
    { step: 'build' },
  );
  sts.middlewareStack.add(
    () => (args) => {
      request = args.request as Signed;
      throw new Error('taken');
    },
    { step: 'deserialize', priority: 'low' },
  );
  await expect(sts.send(new GetCallerIdentityCommand({}))).rejects.toThrow('taken');
  return { url: sandbox.sts, headers: request!.headers, body: String(request!.body) };
}

const post = (callerIdentity: Signed): Promise<Response> =>
  fetch(`${app.url}/v1/instance-sessions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ callerIdentity }),
  });

const refusal = async (proof: Signed): Promise<{ status: number; code: string; detail: string }> => {
  const answer = await post(proof);
  const { code, detail } = (await answer.json()) as { code: string; detail: string };
  return { status: answer.status, code, detail };
};

describe("a signed GetCallerIdentity of a machine's role", () => {
  it('gives credentials that meter as that machine', async () => {
    const answer = await post(await signed(await roleKeys(machine.ec2InstanceId)));
    expect(answer.status, await answer.clone().text()).toBe(200);
    const { AccessKeyId, SecretAccessKey, SessionToken } = (await answer.json()) as InstanceCredentials;
    await meteringClient(app.url, {
      accessKeyId: AccessKeyId,
      secretAccessKey: SecretAccessKey,
      sessionToken: SessionToken,
    }).send(
      new MeterUsageCommand({ ProductCode: shop.productCode, Timestamp: clock.now(), UsageDimension: 'users', UsageQuantity: 5 }),
    );
    expect(
      await database.sql('select source_id, quantity from metering.usage_record where subscription_id = $1', [
        shop.subscriptionId,
      ]),
    ).toEqual([{ source_id: machine.instanceId, quantity: '5' }]);
  });

  it('gives none when another role, a user, or a machine that is not ours signed', async () => {
    const otherRole = await signed(await roleKeys(machine.ec2InstanceId, 'administrator'));
    expect(await refusal(otherRole)).toMatchObject({ status: 403, code: 'identity_not_proven' });
    const user = await signed({ accessKeyId: 'AKIASLIPWAYSANDBOX01', secretAccessKey: 'sandbox-secret-do-not-use-elsewhere' });
    expect(await refusal(user)).toMatchObject({ status: 403, code: 'identity_not_proven' });
    const stranger = await signed(await roleKeys('i-0123456789abcdef0'));
    expect(await refusal(stranger)).toMatchObject({ status: 403, code: 'machine_unknown' });
  });

  it('gives none when it was not signed for this marketplace', async () => {
    const keys = await roleKeys(machine.ec2InstanceId);
    expect(await refusal(await signed(keys, 'another.example'))).toMatchObject({ status: 403, code: 'identity_not_proven' });
    expect(await refusal(await signed(keys, null))).toMatchObject({ status: 403, code: 'identity_not_proven' });
    const added = await signed(keys, null);
    added.headers['x-slipway-server-id'] = 'market.example';
    expect(await refusal(added)).toMatchObject({ status: 403, code: 'identity_not_proven' });
    const changed = await signed(keys, 'another.example');
    changed.headers['x-slipway-server-id'] = 'market.example';
    expect(await refusal(changed)).toMatchObject({ status: 403, code: 'identity_not_proven' });
  });

  it('is sent on to STS and to nobody else, and as no other question', async () => {
    const proof = await signed(await roleKeys(machine.ec2InstanceId));
    const { port } = elsewhere.address() as AddressInfo;
    for (const url of [
      `http://127.0.0.1:${port}`,
      'http://169.254.169.254/latest/meta-data/',
      `${sandbox.sts}/?Action=GetCallerIdentity`,
      `${sandbox.sts}/imds`,
      sandbox.sts.replace('http://', 'http://somebody@'),
    ])
      expect(await refusal({ ...proof, url })).toMatchObject({ status: 403, code: 'identity_not_proven' });
    expect(asked).toBe(0);
    expect(await refusal({ ...proof, body: 'Action=GetSessionToken&Version=2011-06-15' })).toMatchObject({ status: 403 });
  });

  it('gives none once the machine is gone or its subscription has ended', async () => {
    const proof = await signed(await roleKeys(machine.ec2InstanceId));
    await database.sql("update launcher.instance set state = 'terminated' where id = $1", [machine.instanceId]);
    expect(await refusal(proof)).toMatchObject({ status: 403, code: 'machine_unknown' });
    await database.sql("update launcher.instance set state = 'healthy' where id = $1", [machine.instanceId]);
    await database.sql("update api.subscription set ended_at = '2026-01-05T14:00:00Z' where id = $1", [shop.subscriptionId]);
    expect(await refusal(proof)).toMatchObject({ status: 403, code: 'subscription_ended' });
  });
});
