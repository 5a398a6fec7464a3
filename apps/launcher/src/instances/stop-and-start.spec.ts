/** Machines are stopped, started and rebooted as their buyer wants, on the real SDK and the sandbox's EC2. */
import { StopInstancesCommand } from '@aws-sdk/client-ec2';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ec2Of } from '../../../sandbox/src/testing/clients.ts';
import { launcherWorld, type World } from '../testing/world.ts';

let world: World;
beforeAll(async () => {
  world = await launcherWorld();
  await world.app.settle();
});
afterAll(() => world.close());

const is = (id: string, state: string) => async (): Promise<boolean> => (await world.instance(id))?.state === state;
const machinesOf = async (id: string) => (await world.machines()).filter(({ tags }) => tags['slipway:launch'] === id);

/** When the latest launch was. */
let began: Date;
const after = (minutes: number): Date => new Date(began.getTime() + minutes * 60_000);

async function launched(): Promise<string> {
  began = world.clock.now();
  const id = await world.launch();
  await world.app.settle(is(id, 'healthy'));
  return id;
}

describe('a machine that shall stop', () => {
  it('stops, is billed until then, and again from its new start on', async () => {
    const id = await launched();
    world.advance({ hours: 1 });
    await world.want(id, 'stopped');
    await world.app.settle(is(id, 'stopped'));
    world.advance({ hours: 5 });
    await world.app.settle();
    expect(await world.intervals(id)).toEqual([{ started_at: began, ended_at: after(60) }]);

    await world.want(id, 'running');
    await world.app.settle(is(id, 'healthy'));
    expect(await world.intervals(id)).toEqual([
      { started_at: began, ended_at: after(60) },
      { started_at: after(360), ended_at: null },
    ]);
    expect(await machinesOf(id)).toHaveLength(1);
    expect((await world.told(id)).filter((kind) => ['stopped', 'healthy'].includes(kind))).toEqual([
      'healthy',
      'stopped',
      'healthy',
    ]);
  });

  it('stops once and starts once though EC2 never answers', async () => {
    const id = await launched();
    world.sandbox.faults.failNext({ operation: 'StopInstances', code: '', commitThenTimeOut: true });
    await world.want(id, 'stopped');
    await expect(world.app.settle()).rejects.toMatchObject({ code: 'TimeoutError' });
    await world.app.settle(is(id, 'stopped'));
    world.advance({ hours: 1 });

    world.sandbox.faults.failNext({ operation: 'StartInstances', code: '', commitThenTimeOut: true });
    await world.want(id, 'running');
    await expect(world.app.settle(is(id, 'healthy'))).rejects.toMatchObject({ code: 'TimeoutError' });
    await world.app.settle(is(id, 'healthy'));
    expect(await world.intervals(id)).toHaveLength(2);
    // That it was started is known again, though the answer was lost: what somebody stops now stays stopped.
    expect((await world.instance(id))?.stop_told_at).toBeNull();
  });

  it('stops while its buyer is suspended, and starts again when its invoices are paid', async () => {
    const id = await launched();
    const stands = (state: string): Promise<unknown> =>
      world.database.sql(
        `insert into billing.standing (buyer_id, state, since) values ($1, $2, $3)
         on conflict (buyer_id) do update set state = excluded.state, since = excluded.since`,
        [world.market.buyerId, state, world.clock.now()],
      );
    await stands('past_due');
    await world.app.settle();
    expect((await world.instance(id))?.state).toBe('healthy');
    world.advance({ hours: 1 });
    await stands('suspended');
    await world.app.settle(is(id, 'stopped'));
    expect(await world.told(id)).toContain('suspended');
    world.advance({ hours: 5 });
    await world.app.settle();
    expect((await world.instance(id))?.state).toBe('stopped');

    await stands('good');
    await world.app.settle(is(id, 'healthy'));
    expect(await world.intervals(id)).toEqual([
      { started_at: began, ended_at: after(60) },
      { started_at: after(360), ended_at: null },
    ]);
    expect(await machinesOf(id)).toHaveLength(1);
  });

  it('may finish its work first', async () => {
    const asked: string[] = [];
    const appliance = createServer((request, response) => {
      asked.push(`${request.method} ${request.url}`);
      response.writeHead(204).end();
    });
    await once(appliance.listen(0, '0.0.0.0'), 'listening');
    const { port } = appliance.address() as AddressInfo;
    const answersAt = (template: string, drainPath: string | null): Promise<unknown> =>
      world.database.sql('update api.version set url_template = $2, drain_path = $3 where id = $1', [
        world.market.versionId,
        template,
        drainPath,
      ]);
    await answersAt(`http://{address}:${port}/`, '/drain');
    const id = await launched();
    await world.want(id, 'stopped');
    await world.app.settle(is(id, 'stopped'));
    appliance.close();
    await answersAt(`http://{address}:${world.sandbox.appliancePort}/`, null);
    expect(asked).toContain('POST /drain');
  });

  it('is not made when it shall not run before it is', async () => {
    const id = await world.launch();
    await world.want(id, 'stopped');
    await world.app.settle();
    expect(await machinesOf(id)).toEqual([]);
    await world.want(id, 'running');
    await world.app.settle(is(id, 'healthy'));
    expect(await machinesOf(id)).toHaveLength(1);
  });

  it('ends when its buyer says so, stopped as it is', async () => {
    const id = await launched();
    await world.want(id, 'stopped');
    await world.app.settle(is(id, 'stopped'));
    await world.want(id, 'terminated');
    await world.app.settle(is(id, 'terminated'));
    expect((await world.instance(id))?.failure).toBeNull();
  });
});

describe('a machine that somebody else stopped', () => {
  it('stays stopped when it was stopped in the account, until its buyer wants it running', async () => {
    const id = await launched();
    world.advance({ minutes: 10 });
    const InstanceIds = [String((await world.instance(id))?.ec2_instance_id)];
    await ec2Of(world.sandbox).send(new StopInstancesCommand({ InstanceIds }));
    await world.app.settle(is(id, 'stopped'));
    world.advance({ minutes: 10 });
    await world.app.settle();
    expect(await world.instance(id)).toMatchObject({ state: 'stopped' });
    world.advance({ minutes: 1 });
    await world.want(id, 'running');
    await world.app.settle(is(id, 'healthy'));
  });

  it('is started again when it was AWS that stopped it', async () => {
    const id = await launched();
    world.advance({ minutes: 10 });
    const ec2InstanceId = String((await world.instance(id))?.ec2_instance_id);
    await world.control(`/instances/${ec2InstanceId}/retire`);
    world.advance({ minutes: 1 });
    await world.app.settle(async () => (await world.intervals(id)).length === 2 && (await is(id, 'healthy')()));
    expect(await world.intervals(id)).toEqual([
      { started_at: began, ended_at: after(10) },
      { started_at: after(11), ended_at: null },
    ]);
  });
});

describe('a reboot', () => {
  const rebooted = async (id: string): Promise<unknown> => (await world.instance(id))?.rebooted_at;

  it('happens once for each time it is asked for, and the machine has to answer again', async () => {
    const id = await launched();
    for (const minute of [1, 2]) {
      world.advance({ minutes: 1 });
      const asked = world.clock.now();
      await world.database.sql('update api.launch set reboot_at = $2 where id = $1', [id, asked]);
      await world.app.settle(async () => (await rebooted(id))?.toString() === asked.toString() && (await is(id, 'healthy')()));
      expect((await world.told(id)).filter((kind) => kind === 'rebooting')).toHaveLength(minute);
    }
    expect(await world.intervals(id)).toHaveLength(1);
    expect(await machinesOf(id)).toHaveLength(1);
  });

  it('that was not answered is asked for again', async () => {
    const id = await launched();
    world.advance({ minutes: 1 });
    world.sandbox.faults.failNext({ operation: 'RebootInstances', code: 'RequestLimitExceeded' });
    await world.database.sql('update api.launch set reboot_at = $2 where id = $1', [id, world.clock.now()]);
    await expect(world.app.settle()).rejects.toThrow('RequestLimitExceeded');
    await world.app.settle(async () => (await rebooted(id)) !== null && (await is(id, 'healthy')()));
  });
});
