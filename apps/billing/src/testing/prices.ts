/** Other prices for Acme's Vault than the market's, and the invoice that comes of them. */
import type { Price } from '#domain/pricing/price.ts';
import { storedPrice, type StoredTrial } from '#domain/pricing/stored-price.ts';
import { formatRate } from '#domain/money.ts';
import { newId } from '#platform/ids.ts';
import type { InvoiceView } from '../invoice/invoices.schema.ts';
import type { World } from './world.ts';

export interface PriceOptions {
  minimumSpend?: string;
  trial?: StoredTrial;
}

/** What Globex subscribed to was priced like this from the beginning. */
export async function priced(world: World, prices: readonly Price[], { minimumSpend, trial }: PriceOptions = {}): Promise<void> {
  const { priceVersionId, subscriptionId } = world.market;
  await world.database.sql('delete from api.price where price_version_id = $1', [priceVersionId]);
  await world.database.sql('update api.price_version set minimum_spend = $2, trial = $3 where id = $1', [
    priceVersionId,
    minimumSpend ?? null,
    trial ? JSON.stringify(trial) : null,
  ]);
  await world.database.sql('update api.subscription set has_trial = $2 where id = $1', [subscriptionId, trial !== undefined]);
  await insertPrices(world, priceVersionId, prices);
}

/** And like this from a day on. @returns the id of the version */
export async function repriced(world: World, effectiveFrom: string, prices: readonly Price[]): Promise<string> {
  const id = newId();
  await world.database.sql(
    `insert into api.price_version (id, offer_id, effective_from, notice_given_at, created_at) values ($1, $2, $3, $4, $4)`,
    [id, world.market.offerId, effectiveFrom, world.clock.now()],
  );
  await insertPrices(world, id, prices);
  return id;
}

async function insertPrices(world: World, priceVersionId: string, prices: readonly Price[]): Promise<void> {
  for (const price of prices) {
    const row = storedPrice(price);
    await world.database.sql(
      `insert into api.price (price_version_id, dimension, model, description, unit, rate, increment, minimum_seconds, instance_type, terms)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
      [
        priceVersionId,
        row.dimension,
        row.model,
        row.description,
        row.unit,
        row.rate === null ? null : formatRate(row.rate),
        row.increment,
        row.minimumSeconds,
        row.instanceType,
        JSON.stringify(row.terms),
      ],
    );
  }
}

/** Globex commits to something from an instant on. */
export async function committed(
  world: World,
  {
    dimension,
    quantity,
    months,
    at,
    until,
    renews = false,
  }: { dimension: string; quantity: number; months: number; at: string; until: string; renews?: boolean },
): Promise<void> {
  await world.database.sql(
    `insert into api.commitment (id, subscription_id, price_version_id, dimension, quantity, months, starts_at, ends_at, renews, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $7)`,
    [newId(), world.market.subscriptionId, world.market.priceVersionId, dimension, quantity, months, at, until, renews],
  );
}

/** The sum of a day is made anew, as metering does when something is corrected. */
export async function corrected(world: World, day: string, dimension: string, quantity: bigint): Promise<void> {
  const { subscriptionId } = world.market;
  await world.database.sql('delete from metering.usage_rollup where subscription_id = $1 and day = $2 and dimension = $3', [
    subscriptionId,
    day,
    dimension,
  ]);
  await world.used(day, dimension, quantity);
}

/** All is metered up to the end of a month, and the month is closed. @param month `2026-01` */
export async function closed(world: World, month: string): Promise<void> {
  const [year, number] = month.split('-').map(Number);
  const end = new Date(Date.UTC(year!, number!, 1));
  await world.metered(end.toISOString());
  world.moveTo(new Date(end.getTime() + 6 * 3_600_000).toISOString());
  await world.app.settle();
}

/** Globex's invoices with their lines, oldest first. */
export async function invoices(world: World): Promise<InvoiceView[]> {
  const { body } = await world.as('buyer').get<{ items: InvoiceView[] }>('/v1/invoices');
  const all = await Promise.all(body.items.map(({ id }) => world.as('buyer').get<InvoiceView>(`/v1/invoices/${id}`)));
  return all.map((answer) => answer.body).sort((a, b) => (a.number < b.number ? -1 : 1));
}

/** `Scans 120: 130.00`: description, quantity, amount in minor units. */
export const lines = (invoice: InvoiceView | undefined): string[] =>
  (invoice?.lines ?? []).map(({ description, quantity, amountMinor }) => `${description} ${quantity}: ${amountMinor}`);
