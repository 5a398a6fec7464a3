/** A launcher with fleets: machines whose load a test says, and who drain when it says so. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { newId } from '#platform/ids.ts';
import type { AppUnderTest } from '#testing/app.ts';
import { ScaleFleet } from '../fleets/scale-fleet.ts';
import { ReconcileInstance } from '../instances/reconcile-instance.ts';
import { launcherWorld, type World } from './world.ts';

export interface MemberRow {
  id: string;
  state: string;
  desired: string;
  public_address: string | null;
  ec2_instance_id: string | null;
  zone: string | null;
  draining_at: Date | null;
  failure: string | null;
}

export interface FleetStateRow {
  desired: number;
  why: string;
  load: number | null;
  asleep_since: Date | null;
  ended_at: Date | null;
}

export interface FleetWorld extends World {
  /** What each machine reports as `queue_depth`, by its address; undefined: it does not answer. `shared` counts for all others. */
  load: { shared: number | undefined; at: Map<string, number | undefined>; drained: boolean; drains: string[] };
  /** Globex wants a fleet; columns of api.fleet. */
  fleet(given?: Record<string, unknown>): Promise<string>;
  change(fleetId: string, given: Record<string, unknown>): Promise<void>;
  /** All that ever were, the oldest first. */
  members(fleetId: string): Promise<MemberRow[]>;
  /** Those that are healthy, wanted and not draining. */
  serving(fleetId: string): Promise<MemberRow[]>;
  state(fleetId: string): Promise<FleetStateRow>;
  /** Time passes in looks at the fleet, one every 30 s unless said otherwise. */
  pass(seconds: number, every?: number): Promise<void>;
  scale(fleetId: string, app?: AppUnderTest): Promise<void>;
  /** Works a fleet and its machines once, as the runner does: what fails does not keep the others from their turn. */
  workAll(fleetId: string, app?: AppUnderTest): Promise<void>;
}

/** A target of ten jobs per machine. */
export const QUEUE = { metric: 'queue_depth', perMachine: 10, scope: 'machine', idleAt: 0 } as const;

const WISH = {
  region: 'us-east-1',
  instance_type: 't3.micro',
  min_machines: 1,
  max_machines: 10,
  scale_out_seconds: 60,
  scale_in_seconds: 300,
  drain_seconds: 120,
};

export async function fleetWorld(given: Parameters<typeof launcherWorld>[0] = {}): Promise<FleetWorld> {
  const world = await launcherWorld(given);
  const load: FleetWorld['load'] = { shared: 5, at: new Map(), drained: false, drains: [] };
  const server = await listen(createServer((request, response) => answer(load, request, response)));
  await world.database.sql(
    `update api.version set url_template = $2, metrics_path = '/metrics', drain_path = '/drain' where id = $1`,
    [world.market.versionId, `http://{address}:${(server.address() as AddressInfo).port}/`],
  );
  await world.app.settle();
  const { database, market } = world;
  const members = (fleetId: string): Promise<MemberRow[]> =>
    database.sql('select * from launcher.instance where fleet_id = $1 order by created_at, id', [fleetId]);
  const scale = (fleetId: string, app = world.app): Promise<void> => app.nest.get(ScaleFleet, { strict: false }).work(fleetId);
  return {
    ...world,
    load,
    async fleet(wish = {}) {
      const id = newId();
      const now = world.clock.now();
      const own = { subscription_id: market.subscriptionId, buyer_id: market.buyerId, version_id: market.versionId };
      await insert(world, { ...WISH, id, ...own, created_at: now, changed_at: now, ...wish });
      return id;
    },
    async change(fleetId, wish) {
      const columns = Object.entries({ changed_at: world.clock.now(), ...wish });
      const assignments = columns.map(([name], index) => `${name} = $${index + 2}`).join(', ');
      await database.sql(`update api.fleet set ${assignments} where id = $1`, [
        fleetId,
        ...columns.map(([, value]) => asJson(value)),
      ]);
    },
    members,
    serving: async (fleetId) =>
      (await members(fleetId)).filter((row) => row.state === 'healthy' && row.desired === 'running' && !row.draining_at),
    state: async (fleetId) =>
      (await database.sql<FleetStateRow>('select * from launcher.fleet_state where fleet_id = $1', [fleetId]))[0]!,
    async pass(seconds, every = 30) {
      for (let passed = 0; passed < seconds; passed += every) {
        world.advance({ seconds: every });
        await world.app.settle();
      }
    },
    scale,
    async workAll(fleetId, app = world.app) {
      const attempt = (work: Promise<void>): Promise<void> => work.catch(() => undefined);
      await attempt(scale(fleetId, app));
      const stage = app.nest.get(ReconcileInstance, { strict: false });
      await Promise.all((await members(fleetId)).map(({ id }) => attempt(stage.work(id))));
    },
    async close() {
      server.close();
      server.closeAllConnections();
      await world.close();
    },
  };
}

function answer(load: FleetWorld['load'], request: IncomingMessage, response: ServerResponse): void {
  const address = request.socket.localAddress ?? '';
  const json = (status: number, body: unknown): void => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };
  if (request.url === '/health') return json(200, { status: 'ok' });
  if (request.url === '/drain' && request.method === 'POST') {
    load.drains.push(address);
    return json(load.drained ? 200 : 202, { drained: load.drained });
  }
  const value = load.at.has(address) ? load.at.get(address) : load.shared;
  if (request.url === '/metrics' && value !== undefined) return json(200, { queue_depth: value, cpu: 12.5 });
  return json(503, { error: 'not now' });
}

async function insert({ database }: World, row: Record<string, unknown>): Promise<void> {
  const names = Object.keys(row);
  await database.sql(
    `insert into api.fleet (${names.join(', ')}) values (${names.map((_, index) => `$${index + 1}`).join(', ')})`,
    Object.values(row).map(asJson),
  );
}

const asJson = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && !(value instanceof Date) ? JSON.stringify(value) : value;

const listen = (server: Server): Promise<Server> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '0.0.0.0', () => resolve(server));
  });
