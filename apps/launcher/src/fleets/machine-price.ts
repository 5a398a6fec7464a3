/** What one machine of a fleet costs an hour, as far as it is known. Reads api's prices. */
import type { EntityManager } from 'typeorm';
import type { Rate } from '#domain/money.ts';
import { Price } from '#tables/api/price-version.ts';
import type { Subscription } from '#tables/api/subscription.ts';

/** In the subscription's currency; zero when nothing is known. Of seconds, the price is of an hour, too. */
export async function hourlyPriceOf(tx: EntityManager, { priceVersionId }: Subscription): Promise<Rate> {
  const software = await tx.findOneBy(Price, { priceVersionId, model: 'hourly' });
  return software?.rate ?? 0n;
}
