/** What one machine of a fleet costs an hour, as far as it is known. Reads api's prices and what AWS charges. */
import { IsNull, LessThanOrEqual, type EntityManager } from 'typeorm';
import { hourlyCost } from '#domain/machine-cost.ts';
import type { Rate } from '#domain/money.ts';
import type { Fleet } from '#tables/api/fleet.ts';
import { Price, PriceVersion } from '#tables/api/price-version.ts';
import type { Subscription } from '#tables/api/subscription.ts';
import { InfrastructurePrice } from '#tables/launcher/infrastructure-price.ts';

/** Software and machine, in the subscription's currency; nothing is converted. */
export async function hourlyPriceOf(
  tx: EntityManager,
  { region, instanceType }: Fleet,
  { offerId, currency }: Subscription,
  now: Date,
): Promise<Rate> {
  const inForce = await tx.findOne(PriceVersion, {
    where: { offerId, effectiveFrom: LessThanOrEqual(now), withdrawnAt: IsNull() },
    order: { effectiveFrom: 'desc' },
  });
  const software = inForce ? await tx.findBy(Price, { priceVersionId: inForce.id, model: 'hourly' }) : [];
  const infrastructure = await tx.findBy(InfrastructurePrice, { region, kind: 'instance', type: instanceType, currency });
  return hourlyCost({ software, infrastructure, instanceType, now });
}
