/** What a fleet may be: numbers that fit each other, what its version can do, and a ceiling that pays for its machines. Reads prices. */
import type { EntityManager } from 'typeorm';
import { DomainError } from '#domain/errors.ts';
import { affordableOf } from '#domain/fleet-size.ts';
import { hourlyCost } from '#domain/machine-cost.ts';
import { formatRate, type Rate } from '#domain/money.ts';
import type { Fleet } from '#tables/api/fleet.ts';
import { Price } from '#tables/api/price-version.ts';
import type { Subscription } from '#tables/api/subscription.ts';
import type { Version } from '#tables/api/version.ts';
import { InfrastructurePrice } from '#tables/launcher/infrastructure-price.ts';
import { currentPriceVersion } from '../offers/price-lists.ts';

/** Machines of a spread placement group in one zone (EC2 user guide, "Placement groups"). */
const MOST_SPREAD = 7;

interface Wrong {
  path: string;
  message: string;
}

/**
 * @throws DomainError `invalid_fleet` naming each wrong field; `no_metrics`, `has_data_volumes` for what its version cannot do;
 *   `ceiling_too_low`.
 */
export async function assertSound(
  tx: EntityManager,
  fleet: Fleet,
  { subscription, version, now }: { subscription: Subscription; version: Version; now: Date },
): Promise<void> {
  const wrong = wrongOf(fleet);
  if (wrong.length > 0) {
    const detail = wrong.map(({ path, message }) => `${path}: ${message}`).join('; ');
    throw new DomainError('invalid', 'invalid_fleet', `${detail}.`, wrong);
  }
  if (fleet.target && version.metricsPath === null) {
    const detail = `Version ${version.title} reports no metrics, so there is nothing to scale by; use a fixed number or a schedule.`;
    throw new DomainError('conflict', 'no_metrics', detail);
  }
  if (version.dataVolumes.length > 0) {
    const detail = `Version ${version.title} keeps data on volumes of its own, which machines that come and go do not have; launch it instead.`;
    throw new DomainError('conflict', 'has_data_volumes', detail);
  }
  await assertAffordable(tx, fleet, subscription, now);
}

function wrongOf(fleet: Fleet): Wrong[] {
  const { minMachines: min, maxMachines: max, fixedMachines: fixed, idleMinutes, target, zone, placement } = fleet;
  const wrong: Wrong[] = [];
  if (min > max) wrong.push({ path: 'min', message: `must not be more than max, which is ${max}` });
  if (fixed !== null && (fixed < min || fixed > max)) wrong.push({ path: 'fixed', message: `must be from ${min} to ${max}` });
  for (const [index, window] of fleet.windows.entries()) {
    if (window.min > window.max) wrong.push({ path: `schedules.${index}.min`, message: 'must not be more than its max' });
    if (window.max > max) wrong.push({ path: `schedules.${index}.max`, message: `must not be more than max, which is ${max}` });
  }
  if (idleMinutes !== null && !target)
    wrong.push({ path: 'idleMinutes', message: 'needs a target, by which machines say that they are idle' });
  if (idleMinutes !== null && min > 0) wrong.push({ path: 'idleMinutes', message: `needs min 0, which is ${min}` });
  if (placement === 'spread' && zone !== null && max > MOST_SPREAD)
    wrong.push({ path: 'max', message: `must be at most ${MOST_SPREAD}, the most that EC2 spreads in one zone` });
  return wrong;
}

/** A ceiling that does not pay for what it has at least would have it at nothing, or at less than its buyer counts on. */
async function assertAffordable(tx: EntityManager, fleet: Fleet, subscription: Subscription, now: Date): Promise<void> {
  if (fleet.hourlyCeiling === null) return;
  const price = await hourlyPriceOf(tx, fleet, subscription, now);
  const affordable = affordableOf(fleet, price);
  const least = Math.max(fleet.minMachines, 1);
  if (affordable === null || affordable >= least) return;
  const cost = `${formatRate(price)} ${subscription.currency.toUpperCase()} an hour`;
  throw new DomainError(
    'conflict',
    'ceiling_too_low',
    `A machine costs ${cost}, so hourlyCeiling pays for ${affordable} of the ${least} that it has at least; raise it, or lower min.`,
  );
}

/** Of one machine, as far as it is known; the launcher counts the same when it scales. */
async function hourlyPriceOf(
  tx: EntityManager,
  { region, instanceType }: Fleet,
  { offerId, currency }: Subscription,
  now: Date,
): Promise<Rate> {
  const inForce = await currentPriceVersion(tx, offerId, now);
  const software = inForce ? await tx.findBy(Price, { priceVersionId: inForce.id, model: 'hourly' }) : [];
  const infrastructure = await tx.findBy(InfrastructurePrice, { region, kind: 'instance', type: instanceType, currency });
  return hourlyCost({ software, infrastructure, instanceType, now });
}
