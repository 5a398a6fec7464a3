/** What one machine of a fleet costs an hour, as far as it is known. Reads api's prices and what AWS charges. */
import { LessThanOrEqual, type EntityManager } from 'typeorm';
import { priceAt } from '#domain/infrastructure.ts';
import type { Rate } from '#domain/money.ts';
import type { Fleet } from '#tables/api/fleet.ts';
import { Price } from '#tables/api/price-version.ts';
import type { Subscription } from '#tables/api/subscription.ts';
import { InfrastructurePrice } from '#tables/launcher/infrastructure-price.ts';

/** Software and machine, in the subscription's currency. What is not known in that currency counts nothing; nothing is converted. */
export async function hourlyPriceOf(
  tx: EntityManager,
  { region, instanceType }: Fleet,
  { priceVersionId, currency }: Subscription,
  now: Date,
): Promise<Rate> {
  const software = await tx.findOneBy(Price, { priceVersionId, model: 'hourly' });
  const known = await tx.findBy(InfrastructurePrice, {
    region,
    kind: 'instance',
    type: instanceType,
    currency,
    effectiveFrom: LessThanOrEqual(now),
  });
  return (software?.rate ?? 0n) + (priceAt(known, now)?.rate ?? 0n);
}
