/** Metering on a database of its own, with machines as launcher would have written them down, for specs of what running comes to. */
import { startApp, type AppUnderTest } from '#testing/app.ts';
import { TestClock } from '#testing/clock.ts';
import { createTestDatabase, type TestDatabase } from '#testing/database.ts';
import { subscribedMarketplace, type Marketplace } from '#testing/fixtures.ts';
import { newId } from '#platform/ids.ts';
import { metering } from '../metering.app.ts';

export interface RuntimeWorld {
  database: TestDatabase;
  app: AppUnderTest;
  clock: TestClock;
  /** Of the spec that runs now. */
  shop: Marketplace;
  /** Another subscription of its own, at an instant; hours of Acme's machines cost 0.25 USD. */
  open(at: string): Promise<void>;
  /** From then on seconds are counted. */
  bySecond(minimumSeconds: number): Promise<void>;
  /** A machine. @param seen when EC2 was last asked about it. */
  launched(options: { seen: string; state?: string }): Promise<string>;
  /** When it ran; without an end it still does. */
  ran(id: string, from: string, to?: string): Promise<unknown>;
  /** The end of its run, as EC2 says it now. */
  ended(id: string, at: string): Promise<unknown>;
  seen(id: string, at: string, state?: string): Promise<unknown>;
  /** Moves the clock and lets metering do what is due. */
  settleAt(now: string): Promise<void>;
  /** What is recorded, hour by hour: `'05T09 1'`. */
  records(): Promise<string[]>;
  /** What was corrected: `'05T10 -1800'`. */
  corrections(): Promise<string[]>;
  sums(): Promise<Array<{ day: string; quantity: string }>>;
  /** `2026-01-05T10:00`, or `infinity`. */
  countedUntil(): Promise<string>;
  close(): Promise<void>;
}

export async function runtimeWorld(): Promise<RuntimeWorld> {
  const clock = new TestClock();
  const database = await createTestDatabase();
  const app = await startApp(metering, { database, clock });
  const { sql } = database;
  const own = (): string[] => [world.shop.subscriptionId];
  const lines = async (text: string): Promise<string[]> => (await sql<{ line: string }>(text, own())).map((row) => row.line);

  const world: RuntimeWorld = {
    database,
    app,
    clock,
    shop: undefined as unknown as Marketplace,
    async open(at) {
      clock.set(at);
      world.shop = await subscribedMarketplace(database, { at });
    },
    async bySecond(minimumSeconds) {
      await sql(
        `update api.price set dimension = 'running_seconds', increment = 'second', minimum_seconds = $2
          where price_version_id = $1 and model = 'hourly'`,
        [world.shop.priceVersionId, minimumSeconds],
      );
    },
    async launched({ seen, state = 'healthy' }) {
      const [id, { shop }] = [newId(), world];
      await sql(
        `insert into launcher.instance (id, subscription_id, buyer_id, vendor_id, product_id, version_id, region, instance_type, state, created_at, attempted_at, observed_at)
         values ($1, $2, $3, $4, $5, $9, 'us-east-1', 't3.micro', $6, $7, $7, $8)`,
        [id, shop.subscriptionId, shop.buyerId, shop.vendorId, shop.productId, state, clock.now(), seen, shop.versionId],
      );
      return id;
    },
    ran: (id, from, to) =>
      sql('insert into launcher.run_interval (instance_id, subscription_id, started_at, ended_at) values ($1, $2, $3, $4)', [
        id,
        world.shop.subscriptionId,
        from,
        to,
      ]),
    ended: (id, at) =>
      sql(
        `update launcher.run_interval set ended_at = $2
          where instance_id = $1 and started_at = (select max(started_at) from launcher.run_interval where instance_id = $1)`,
        [id, at],
      ),
    seen: (id, at, state = 'healthy') =>
      sql('update launcher.instance set observed_at = $2, state = $3 where id = $1', [id, at, state]),
    async settleAt(now) {
      clock.set(now);
      await app.settle();
    },
    records: () =>
      lines(
        `select to_char(hour at time zone 'UTC', 'DD"T"HH24 ') || quantity as line from metering.usage_record
          where subscription_id = $1 and signed_by = 'platform' order by hour, quantity`,
      ),
    corrections: () =>
      lines(
        `select to_char(hour at time zone 'UTC', 'DD"T"HH24 ') || delta as line from metering.usage_adjustment
          where subscription_id = $1 and approved_by = 'platform' and reason = 'runtime seen late' order by created_at, hour`,
      ),
    sums: () => sql('select day::text, quantity from metering.usage_rollup where subscription_id = $1 order by day', own()),
    async countedUntil() {
      const [until] = await lines(
        `select case when until = 'infinity' then 'infinity' else to_char(until at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI') end as line
           from metering.metered_until where subscription_id = $1`,
      );
      return until!;
    },
    async close() {
      await app.close();
      await database.drop();
    },
  };
  return world;
}
