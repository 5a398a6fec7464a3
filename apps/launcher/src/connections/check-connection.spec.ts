/** Trying buyers' connections: the real SDK becomes roles in the sandbox and is told by DryRun what they may do. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newId } from '#platform/ids.ts';
import { connect, makeRole, type Connected } from '../testing/connections.ts';
import { launcherWorld, type World } from '../testing/world.ts';
import { CheckConnection } from './check-connection.ts';

let world: World;
let connection: Connected;
beforeEach(async () => {
  world = await launcherWorld({ settings: { LAUNCH_REGIONS: 'us-east-1,eu-west-1' } });
  connection = await connect(world);
});
afterEach(() => world.close());

interface Check {
  state: string;
  problems: string[];
  regions: string[];
  answers: number;
  checked_at: Date;
}
const check = async (): Promise<Check | undefined> =>
  (await world.database.sql<Check>('select * from launcher.connection_check where connection_id = $1', [connection.id]))[0];
const work = (id = connection.id): Promise<void> => world.app.nest.get(CheckConnection, { strict: false }).work(id);
const due = (): Promise<string[]> => world.app.nest.get(CheckConnection, { strict: false }).due();
const goodRole = (denied: string[] = []): Promise<void> =>
  makeRole(world, connection, { externalId: connection.externalId, denied });

async function problems(): Promise<string[]> {
  await work();
  const found = await check();
  expect(found).toMatchObject({ state: 'failing', regions: [] });
  return found!.problems;
}

describe('a connection', () => {
  it('works when its role trusts us by the external id and may do what the launcher needs', async () => {
    await goodRole();
    await world.app.settle();
    expect(await check()).toMatchObject({ state: 'ok', problems: [], regions: ['us-east-1', 'eu-west-1'], answers: 1 });
    // Tried, and nothing made.
    expect((await world.machines()).filter(({ tags }) => tags['slipway:connection'] === connection.id)).toEqual([]);
  });

  it('says each permission that its role lacks, and what it is for', async () => {
    await goodRole(['ec2:StopInstances', 'ec2:CreateSecurityGroup']);
    expect(await problems()).toEqual([
      'The role may not ec2:CreateSecurityGroup (to make the security group of machines): add it, or update the stack from the template.',
      'The role may not ec2:StopInstances (to stop machines): add it, or update the stack from the template.',
    ]);
  });

  it('says so when the role may not even look, and not that regions are closed', async () => {
    await goodRole(['ec2:Describe*']);
    expect((await problems()).join(' ')).toMatch(/may not ec2:DescribeInstances .*may not ec2:DescribeSecurityGroups /);
  });

  it('names the role, whom it has to trust and the external id when it cannot be assumed', async () => {
    const said = [
      expect.stringMatching(
        new RegExp(
          `${connection.roleArn}\\. Either there is no such role.*arn:aws:iam::111122223333:root.*${connection.externalId}`,
        ),
      ),
    ];
    expect(await problems()).toEqual(said);

    world.advance({ hours: 1 });
    await makeRole(world, connection, { externalId: 'slipway-of-somebody-else' });
    expect(await problems()).toEqual(said);
  });

  it('fails when its role does not insist on the external id', async () => {
    await makeRole(world, connection, { externalId: null });
    expect(await problems()).toEqual([expect.stringContaining(`sts:ExternalId = ${connection.externalId}`)]);
  });

  it('is not judged while STS or EC2 does not answer, but tried again', async () => {
    await goodRole();
    for (const [operation, code] of [
      ['AssumeRole', 'InternalFailure'],
      ['GetCallerIdentity', 'Throttling'],
    ] as const) {
      world.sandbox.faults.failNext({ operation, code });
      await expect(work()).rejects.toMatchObject({ name: 'Ec2Error' });
      expect(await check()).toBeUndefined();
    }
    await work();
    expect(await check()).toMatchObject({ state: 'ok' });
  });

  it('is left alone before it has a role, after it was removed, and when nobody knows it', async () => {
    await world.database.sql('update api.aws_connection set role_arn = null where id = $1', [connection.id]);
    await work();
    await world.database.sql('update api.aws_connection set role_arn = $2, removed_at = $3 where id = $1', [
      connection.id,
      connection.roleArn,
      world.clock.now(),
    ]);
    await work();
    await work(newId());
    expect(await check()).toBeUndefined();
    expect(await due()).toEqual([]);
  });
});

describe('a check', () => {
  it('is made once for each time that it was asked for', async () => {
    await goodRole();
    await work();
    expect(await due()).toEqual([]);
    await goodRole(['ec2:StopInstances']);
    await work();
    expect(await check()).toMatchObject({ state: 'ok', answers: 1 });

    await world.database.sql('update api.aws_connection set checks_asked = 2 where id = $1', [connection.id]);
    expect(await due()).toEqual([connection.id]);
    await world.app.settle();
    expect(await check()).toMatchObject({ state: 'failing', answers: 2 });
  });

  it('is repeated every day while the connection works, and every hour while it does not', async () => {
    await goodRole();
    await work();
    world.advance({ hours: 23 });
    expect(await due()).toEqual([]);
    world.advance({ hours: 1 });
    await goodRole(['ec2:StopInstances']);
    expect(await due()).toEqual([connection.id]);
    await work();
    expect(await check()).toMatchObject({ state: 'failing', checked_at: world.clock.now() });
    await goodRole();
    world.advance({ minutes: 59 });
    expect(await due()).toEqual([]);
    world.advance({ minutes: 1 });
    await world.app.settle();
    expect(await check()).toMatchObject({ state: 'ok' });
  });

  it('is made at once when the work of one of its machines is denied', async () => {
    await goodRole();
    await work();
    const launchId = await world.launch();
    await world.database.sql('update api.launch set aws_connection_id = $2 where id = $1', [launchId, connection.id]);
    await world.database.sql('update launcher.instance set aws_connection_id = $2 where id = $1', [launchId, connection.id]);
    await world.app.settle(async () => (await world.instance(launchId)) !== undefined);
    const stuck = (error: string): Promise<unknown> =>
      world.database.sql(
        `insert into launcher.stuck_work (queue, row_id, attempts, last_error, since, next_try_at)
         values ('launcher.reconcile-instance', $1, 1, $2, $3, now())
         on conflict (queue, row_id) do update set last_error = excluded.last_error, since = excluded.since`,
        [launchId, error, world.clock.now()],
      );
    world.advance({ minutes: 5 });
    await stuck('Ec2Error: InsufficientInstanceCapacity: none left');
    expect(await due()).toEqual([]);
    await stuck('Ec2Error: UnauthorizedOperation: You are not authorized to perform this operation.');
    expect(await due()).toEqual([connection.id]);
    await goodRole(['ec2:RunInstances']);
    await work();
    expect(await check()).toMatchObject({ state: 'failing' });
    expect(await due()).toEqual([]);
  });

  it('is made at once when the work on one of its volumes or snapshots is denied, and not for those of another account', async () => {
    await goodRole();
    await work();
    world.advance({ minutes: 5 });
    const keep = async (connectionId: string | null): Promise<{ volume: string; snapshot: string }> => {
      const [volume, snapshot] = [newId(), newId()];
      await world.database.sql(
        `insert into launcher.volume (id, launch_id, name, device, size_gib, type, region, state, wanted, aws_connection_id, created_at)
         values ($1, $2, 'data', '/dev/sdf', 10, 'gp3', 'us-east-1', 'available', 'kept', $3, $4)`,
        [volume, newId(), connectionId, world.clock.now()],
      );
      await world.database.sql(
        `insert into launcher.snapshot (id, volume_id, region, aws_connection_id, reason, state, created_at)
         values ($1, $2, 'us-east-1', $3, 'asked', 'pending', $4)`,
        [snapshot, volume, connectionId, world.clock.now()],
      );
      return { volume, snapshot };
    };
    const dueWhileDenied = async (queue: string, id: string): Promise<string[]> => {
      await world.database.sql(
        `insert into launcher.stuck_work (queue, row_id, attempts, last_error, since, next_try_at)
         values ($1, $2, 1, 'Ec2Error: UnauthorizedOperation: You are not authorized to perform this operation.', $3, now())`,
        [queue, id, world.clock.now()],
      );
      const found = await due();
      await world.database.sql('delete from launcher.stuck_work where row_id = $1', [id]);
      return found;
    };
    const [own, platforms] = [await keep(connection.id), await keep(null)];
    expect(await dueWhileDenied('launcher.reconcile-volume', own.volume)).toEqual([connection.id]);
    expect(await dueWhileDenied('launcher.take-snapshot', own.snapshot)).toEqual([connection.id]);
    expect(await dueWhileDenied('launcher.reconcile-volume', platforms.volume)).toEqual([]);
    expect(await dueWhileDenied('launcher.take-snapshot', platforms.snapshot)).toEqual([]);
  });
});
