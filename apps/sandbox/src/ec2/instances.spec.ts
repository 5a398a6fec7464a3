/** Instances over time and how they are found, through the official SDK. */
import {
  DescribeInstancesCommand,
  DescribeInstanceStatusCommand,
  EC2Client,
  GetConsoleOutputCommand,
  paginateDescribeInstances,
  RebootInstancesCommand,
  RunInstancesCommand,
  StartInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
  waitUntilInstanceRunning,
  type Instance,
} from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSandbox, type Sandbox } from '../server.ts';
import { ACME_VAULT, ACME_VAULT_BROKEN, ACME_VAULT_NEXT, control, ec2Of, refusal } from '../testing/clients.ts';

const BOOT_MS = 60_000;
let sandbox: Sandbox;
let ec2: EC2Client;

beforeAll(async () => {
  sandbox = await startSandbox({ bootMs: BOOT_MS });
  ec2 = ec2Of(sandbox);
});
afterAll(() => sandbox.close());

async function launch(ImageId = ACME_VAULT, tags: Record<string, string> = {}): Promise<string> {
  const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  const made = await ec2.send(
    new RunInstancesCommand({
      ImageId,
      InstanceType: 't3.micro',
      MinCount: 1,
      MaxCount: 1,
      TagSpecifications: [{ ResourceType: 'instance', Tags }],
    }),
  );
  return made.Instances?.[0]?.InstanceId ?? '';
}

async function see(id: string): Promise<Instance> {
  const seen = await ec2.send(new DescribeInstancesCommand({ InstanceIds: [id] }));
  const [instance] = seen.Reservations?.[0]?.Instances ?? [];
  if (!instance) throw new Error(`${id} is not there`);
  return instance;
}

const later = (ms = BOOT_MS): void => sandbox.clock.advance(ms);

describe('an instance', () => {
  it('is pending, runs, stops, starts with another public address, and goes', async () => {
    const id = await launch();
    expect((await see(id)).State?.Name).toBe('pending');
    later();
    const running = await see(id);
    expect(running.State).toEqual({ Code: 16, Name: 'running' });

    const stopped = await ec2.send(new StopInstancesCommand({ InstanceIds: [id] }));
    expect(stopped.StoppingInstances?.[0]).toMatchObject({
      CurrentState: { Name: 'stopping' },
      PreviousState: { Name: 'running' },
    });
    later();
    const atRest = await see(id);
    expect(atRest.State?.Name).toBe('stopped');
    expect(atRest.PublicIpAddress).toBeUndefined();
    expect(atRest.StateReason?.Code).toBe('Client.UserInitiatedShutdown');
    expect(atRest.StateTransitionReason).toMatch(/^User initiated \(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d GMT\)$/);

    await ec2.send(new StartInstancesCommand({ InstanceIds: [id] }));
    later();
    const again = await see(id);
    expect(again.State?.Name).toBe('running');
    expect(again.PublicIpAddress).not.toBe(running.PublicIpAddress);
    expect(again.LaunchTime?.getTime()).toBeGreaterThan(running.LaunchTime?.getTime() ?? 0);

    await ec2.send(new TerminateInstancesCommand({ InstanceIds: [id] }));
    expect((await see(id)).State?.Name).toBe('shutting-down');
    later();
    const gone = await see(id);
    expect(gone.State?.Name).toBe('terminated');
    expect(gone.PrivateIpAddress).toBeUndefined();
  });

  it('is forgotten an hour after its end', async () => {
    const id = await launch();
    await ec2.send(new TerminateInstancesCommand({ InstanceIds: [id] }));
    later(3_599_000);
    expect((await see(id)).State?.Name).toBe('terminated');
    later(2_000);
    expect(await refusal(see(id))).toMatchObject({ code: 'InvalidInstanceID.NotFound', status: 400 });
  });

  it('satisfies the waiter of the SDK', async () => {
    const id = await launch();
    later();
    const result = await waitUntilInstanceRunning({ client: ec2, maxWaitTime: 20 }, { InstanceIds: [id] });
    expect(result.state).toBe('SUCCESS');
  });

  it('cannot be stopped while pending, started while stopping, or rebooted when it is gone', async () => {
    const id = await launch();
    expect(await refusal(ec2.send(new StopInstancesCommand({ InstanceIds: [id] })))).toMatchObject({
      code: 'IncorrectInstanceState',
    });
    later();
    await ec2.send(new RebootInstancesCommand({ InstanceIds: [id] }));
    await ec2.send(new StopInstancesCommand({ InstanceIds: [id] }));
    expect(await refusal(ec2.send(new StartInstancesCommand({ InstanceIds: [id] })))).toMatchObject({
      code: 'IncorrectInstanceState',
    });
    await ec2.send(new TerminateInstancesCommand({ InstanceIds: [id] }));
    later();
    expect(await refusal(ec2.send(new RebootInstancesCommand({ InstanceIds: [id] })))).toMatchObject({
      code: 'IncorrectInstanceState',
    });
    await expect(ec2.send(new TerminateInstancesCommand({ InstanceIds: [id] }))).resolves.toBeDefined();
  });

  it('leaves every instance alone when one id of a call is wrong', async () => {
    const id = await launch();
    later();
    const unknown = 'i-0123456789abcdef0';
    expect(await refusal(ec2.send(new StopInstancesCommand({ InstanceIds: [id, unknown] })))).toMatchObject({
      code: 'InvalidInstanceID.NotFound',
      message: `The instance ID '${unknown}' does not exist`,
    });
    expect((await see(id)).State?.Name).toBe('running');
    expect(await refusal(see('i-acme'))).toMatchObject({ code: 'InvalidInstanceID.Malformed' });
  });

  it('cannot be terminated while it is protected', async () => {
    const made = await ec2.send(
      new RunInstancesCommand({
        ImageId: ACME_VAULT,
        InstanceType: 't3.micro',
        MinCount: 1,
        MaxCount: 1,
        DisableApiTermination: true,
      }),
    );
    const ids = [made.Instances?.[0]?.InstanceId ?? ''];
    expect(await refusal(ec2.send(new TerminateInstancesCommand({ InstanceIds: ids })))).toMatchObject({
      code: 'OperationNotPermitted',
    });
  });

  it('says on its console that an image does not boot, and fails its status check', async () => {
    const [good, bad] = [await launch(), await launch(ACME_VAULT_BROKEN)];
    later(2 * BOOT_MS);
    const consoleOf = async (InstanceId: string) =>
      Buffer.from((await ec2.send(new GetConsoleOutputCommand({ InstanceId }))).Output ?? '', 'base64').toString();
    expect(await consoleOf(good)).toContain('login:');
    expect(await consoleOf(bad)).toContain('No bootable device');
    const checks = await ec2.send(new DescribeInstanceStatusCommand({ InstanceIds: [good, bad] }));
    expect(checks.InstanceStatuses?.map((status) => status.InstanceStatus?.Status)).toEqual(['ok', 'impaired']);
  });

  it('is rebooted while it counts as running, and says so on its console', async () => {
    const id = await launch();
    later(2 * BOOT_MS);
    const { LaunchTime } = await see(id);
    await ec2.send(new RebootInstancesCommand({ InstanceIds: [id] }));
    const status = async () =>
      (await ec2.send(new DescribeInstanceStatusCommand({ InstanceIds: [id] }))).InstanceStatuses?.[0]?.InstanceStatus?.Status;
    const prompts = async () => {
      const { Output = '' } = await ec2.send(new GetConsoleOutputCommand({ InstanceId: id }));
      const lines = Buffer.from(Output, 'base64').toString();
      return [lines.includes('reboot: Restarting system'), lines.match(/login:/g)?.length];
    };
    expect((await see(id)).State?.Name).toBe('running');
    expect([await status(), await prompts()]).toEqual(['initializing', [true, 1]]);
    later(2 * BOOT_MS);
    expect([await status(), await prompts()]).toEqual(['ok', [true, 2]]);
    expect((await see(id)).LaunchTime).toEqual(LaunchTime);
  });

  it('can be lost without notice', async () => {
    const id = await launch();
    later();
    expect((await control(sandbox, `/instances/${id}/lose`)).status).toBe(200);
    const seen = await see(id);
    expect(seen.State?.Name).toBe('terminated');
    expect(seen.StateReason?.Code).toBe('Server.InternalError');
  });

  it('belongs to its account and region alone', async () => {
    const id = await launch();
    await control(sandbox, '/access-keys', {
      accessKeyId: 'AKIAGLOBEX0000000001',
      secretAccessKey: 'globex',
      accountId: '333344445555',
    });
    const globex = ec2Of(sandbox, { credentials: { accessKeyId: 'AKIAGLOBEX0000000001', secretAccessKey: 'globex' } });
    const elsewhere = ec2Of(sandbox, { region: 'eu-central-1' });
    for (const other of [globex, elsewhere]) {
      expect(await refusal(other.send(new DescribeInstancesCommand({ InstanceIds: [id] })))).toMatchObject({
        code: 'InvalidInstanceID.NotFound',
      });
      expect((await other.send(new DescribeInstancesCommand())).Reservations).toEqual([]);
    }
  });
});

describe('DescribeInstances', () => {
  it('finds by state, tag, tag key, image and wildcards', async () => {
    const vault = await launch(ACME_VAULT, { 'slipway:launch': 'l-1', stage: 'boot*test' });
    const next = await launch(ACME_VAULT_NEXT, { 'slipway:launch': 'l-2' });
    const find = async (...filters: Array<[string, ...string[]]>) => {
      const seen = await ec2.send(
        new DescribeInstancesCommand({ Filters: filters.map(([Name, ...Values]) => ({ Name, Values })) }),
      );
      return (seen.Reservations ?? [])
        .flatMap((reservation) => reservation.Instances ?? [])
        .map((instance) => instance.InstanceId);
    };
    expect(await find(['tag:slipway:launch', 'l-1', 'l-2'])).toEqual([vault, next]);
    expect(await find(['tag:slipway:launch', 'l-*'], ['image-id', ACME_VAULT_NEXT])).toEqual([next]);
    expect(await find(['tag-key', 'stage'], ['instance-state-name', 'pending'])).toEqual([vault]);
    expect(await find(['tag:stage', String.raw`boot\*test`])).toEqual([vault]);
    expect(await find(['tag:stage', String.raw`boo\?*`])).toEqual([]);
    expect(await find(['instance-id', next], ['instance-state-name', 'running', 'stopped'])).toEqual([]);
    expect(await refusal(find(['colour', 'red']))).toMatchObject({
      code: 'InvalidParameterValue',
      message: "The filter 'colour' is invalid",
    });
  });

  it('gives pages that together hold every instance once, though others come and go meanwhile', async () => {
    const ids: string[] = [];
    for (let made = 0; made < 12; made++) ids.push(await launch(ACME_VAULT, { batch: 'pages' }));
    const seen: Array<string | undefined> = [];
    const pages = paginateDescribeInstances(
      { client: ec2, pageSize: 5 },
      { Filters: [{ Name: 'tag:batch', Values: ['pages'] }] },
    );
    let count = 0;
    for await (const page of pages) {
      count++;
      for (const reservation of page.Reservations ?? [])
        seen.push(...(reservation.Instances ?? []).map((instance) => instance.InstanceId));
      if (count === 1) await launch();
    }
    expect(count).toBe(3);
    expect(seen).toEqual(ids);
  });

  it('refuses a page size beside ids, one out of range, and a token of its own', async () => {
    const ask = (input: object) => refusal(ec2.send(new DescribeInstancesCommand(input)));
    expect(await ask({ InstanceIds: [await launch()], MaxResults: 10 })).toMatchObject({ code: 'InvalidParameterCombination' });
    expect(await ask({ MaxResults: 4 })).toMatchObject({ code: 'InvalidParameterValue' });
    expect(await ask({ NextToken: 'made-up' })).toMatchObject({ code: 'InvalidNextToken' });
  });
});
