/** Spot instances, through the official SDK and the machine's own metadata: bought, warned, taken back. */
import {
  DescribeInstancesCommand,
  EC2Client,
  RunInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
  type SpotMarketOptions,
} from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startSandbox, type Sandbox } from '../server.ts';
import { ACME_VAULT, control, ec2Of, refusal } from '../testing/clients.ts';

let sandbox: Sandbox;
let ec2: EC2Client;

beforeAll(async () => {
  sandbox = await startSandbox({ bootMs: 0 });
  ec2 = ec2Of(sandbox);
});
afterAll(() => sandbox.close());

async function launch(SpotOptions?: SpotMarketOptions): Promise<string> {
  const made = await ec2.send(
    new RunInstancesCommand({
      ImageId: ACME_VAULT,
      InstanceType: 't3.micro',
      MinCount: 1,
      MaxCount: 1,
      InstanceMarketOptions: { MarketType: 'spot', SpotOptions },
      MetadataOptions: { HttpTokens: 'optional' },
    }),
  );
  return made.Instances?.[0]?.InstanceId ?? '';
}

async function see(id: string) {
  const [reservation] = (await ec2.send(new DescribeInstancesCommand({ InstanceIds: [id] }))).Reservations ?? [];
  return reservation?.Instances?.[0];
}

const metadata = (id: string, path: string) => fetch(`${sandbox.ec2}/imds/${id}/latest/meta-data/${path}`);

it('is told two minutes before it is taken back, and then goes with the reason', async () => {
  const id = await launch({ MaxPrice: '0.01', SpotInstanceType: 'one-time' });
  expect(await see(id)).toMatchObject({ InstanceLifecycle: 'spot', SpotInstanceRequestId: expect.stringMatching(/^sir-/) });
  expect(await (await metadata(id, 'instance-life-cycle')).text()).toBe('spot');
  expect((await metadata(id, 'spot/instance-action')).status).toBe(404);

  expect((await control(sandbox, `/instances/${id}/reclaim`)).status).toBe(200);
  const notice = (await (await metadata(id, 'spot/instance-action')).json()) as { action: string; time: string };
  expect(notice.action).toBe('terminate');
  expect(Date.parse(notice.time) - sandbox.clock.now().getTime()).toBeGreaterThan(115_000);
  expect((await see(id))?.State?.Name).toBe('running');

  sandbox.clock.advance(120_000);
  expect(await see(id)).toMatchObject({
    State: { Name: 'terminated' },
    StateReason: { Code: 'Server.SpotInstanceTermination' },
    StateTransitionReason: 'Server.SpotInstanceTermination',
  });
});

it('can be ended by its owner first, and then the notice is void', async () => {
  const id = await launch();
  await control(sandbox, `/instances/${id}/reclaim`, { noticeMs: 60_000 });
  await ec2.send(new TerminateInstancesCommand({ InstanceIds: [id] }));
  sandbox.clock.advance(60_000);
  expect((await see(id))?.StateReason?.Code).toBe('Client.UserInitiatedShutdown');
});

it('cannot be stopped, is found by its life cycle, and costs more than nothing', async () => {
  const id = await launch();
  expect(await refusal(ec2.send(new StopInstancesCommand({ InstanceIds: [id] })))).toMatchObject({
    code: 'UnsupportedOperation',
  });
  const found = await ec2.send(
    new DescribeInstancesCommand({
      Filters: [
        { Name: 'instance-lifecycle', Values: ['spot'] },
        { Name: 'instance-state-name', Values: ['running'] },
      ],
    }),
  );
  expect(found.Reservations).toHaveLength(1);
  expect(await refusal(launch({ MaxPrice: 'free' }))).toMatchObject({ code: 'InvalidParameterValue' });
  expect((await control(sandbox, '/instances/i-0123456789abcdef0/reclaim')).status).toBe(404);
});
