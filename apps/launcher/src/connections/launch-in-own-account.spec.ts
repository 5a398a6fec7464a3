/** A machine in the buyer's own AWS account: by the buyer's role, of an image that is shared, and metered like any other. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { asCaller } from '#testing/app.ts';
import { connect, makeRole, type Connected } from '../testing/connections.ts';
import { launcherWorld, type World } from '../testing/world.ts';

let world: World;
let connection: Connected;
beforeEach(async () => {
  world = await launcherWorld();
  await world.database.sql(
    `insert into api.listing (product_id, slug, summary, description, category, state, version_id, listed_at)
     values ($1, 'acme-vault', 'Keeps secrets.', 'Long.', 'security', 'public', $2, $3)`,
    [world.market.productId, world.market.versionId, world.clock.now()],
  );
  connection = await connect(world);
  await makeRole(world, connection, { externalId: connection.externalId });
});
afterEach(() => world.close());

const is = (id: string, state: string) => async (): Promise<boolean> => (await world.instance(id))?.state === state;

async function launchThere(): Promise<string> {
  const id = await world.launch();
  await world.database.sql('update api.launch set aws_connection_id = $2 where id = $1', [id, connection.id]);
  return id;
}

it('runs there, tagged with the connection, and is shown, metered and ended as any other', async () => {
  const id = await launchThere();
  await world.app.settle(is(id, 'healthy'));
  expect(await world.instance(id)).toMatchObject({ ec2_account_id: '333344445555', aws_connection_id: connection.id });
  const machines = (await world.machines()) as Array<{ accountId?: string; tags: Record<string, string> }>;
  expect(machines.find(({ tags }) => tags['slipway:launch'] === id)).toMatchObject({
    accountId: '333344445555',
    tags: { 'slipway:connection': connection.id },
  });
  expect(await world.intervals(id)).toHaveLength(1);

  const console = await fetch(`${world.app.url}/v1/instances/${id}/console`, {
    headers: await asCaller({ organizationId: world.market.buyerId, kind: 'buyer' }),
  });
  expect(await console.json()).toMatchObject({ output: expect.stringContaining('login:') });

  await world.want(id, 'terminated');
  await world.app.settle(is(id, 'terminated'));
});

it('waits until its image is shared with the account, and is not given up', async () => {
  const id = await launchThere();
  world.sandbox.faults.failNext({ operation: 'ModifyImageAttribute', code: 'InternalError', times: 3 });
  await expect(world.app.settle(is(id, 'healthy'))).rejects.toMatchObject({ name: 'Ec2Error', code: 'InternalError' });
  for (let again = 0; again < 2; again += 1) await expect(world.app.settle(is(id, 'healthy'))).rejects.toThrow('InternalError');
  expect(await world.instance(id)).toMatchObject({ state: 'planned', attempted_at: null, failure: null });
  await world.app.settle(is(id, 'healthy'));
});

it('waits for a role that lacks a permission to get it, and is launched once then', async () => {
  await makeRole(world, connection, { externalId: connection.externalId, denied: ['ec2:RunInstances'] });
  const id = await launchThere();
  await expect(world.app.settle(is(id, 'healthy'))).rejects.toMatchObject({ kind: 'denied', code: 'UnauthorizedOperation' });
  expect(await world.instance(id)).toMatchObject({ state: 'planned', failure: null });
  await makeRole(world, connection, { externalId: connection.externalId });
  await world.app.settle(is(id, 'healthy'));
  expect((await world.machines()).filter(({ tags }) => tags['slipway:launch'] === id)).toHaveLength(1);
});

it('is denied the console of a machine whose role may not look, with what to do', async () => {
  const id = await launchThere();
  await world.app.settle(is(id, 'healthy'));
  await makeRole(world, connection, { externalId: connection.externalId, denied: ['ec2:GetConsoleOutput'] });
  const answer = await fetch(`${world.app.url}/v1/instances/${id}/console`, {
    headers: await asCaller({ organizationId: world.market.buyerId, kind: 'buyer' }),
  });
  expect(await answer.json()).toMatchObject({ status: 409, code: 'ec2_denied' });
});
