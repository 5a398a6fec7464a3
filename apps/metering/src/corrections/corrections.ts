/**
 * Corrections of accepted usage. Records never change: an approved correction is a row of metering.usage_adjustment beside them, and
 * the day is summed up again. Who has to agree is libs/domain/correction.ts.
 */
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { assertCorrectable, assertMayDecide, assertNotBelowZero } from '#domain/correction.ts';
import { DomainError, missing } from '#domain/errors.ts';
import { dayOf } from '#domain/period.ts';
import type { Caller } from '#platform/auth.ts';
import { Clock } from '#platform/clock.ts';
import { Doorbell } from '#platform/doorbell.ts';
import { assertSame, idFor } from '#platform/idempotency.ts';
import type { Subscription } from '#tables/api/subscription.ts';
import { UsageCorrection } from '#tables/metering/usage-correction.ts';
import { bucketOf } from '../buckets.ts';
import { MeteringConfig } from '../config.ts';
import { Core } from '../core.ts';
import { markDirty } from '../usage/dirty.ts';
import type { CorrectionDecision, CorrectionQuery, NewUsageCorrection, UsageCorrectionView } from './corrections.schema.ts';

const MOST_LISTED = 200;

@Injectable()
export class Corrections {
  constructor(
    private readonly db: DataSource,
    private readonly core: Core,
    private readonly clock: Clock,
    private readonly doorbell: Doorbell,
    private readonly config: MeteringConfig,
  ) {}

  /**
   * Proposes a correction; nothing counts before it is approved. The same Idempotency-Key proposes the same one.
   * @throws DomainError `missing` for a foreign subscription; `no_such_dimension`, `hour_not_correctable`, `below_zero`,
   *   `idempotency_mismatch`.
   */
  async propose(caller: Caller, given: NewUsageCorrection, key?: string): Promise<UsageCorrectionView> {
    const id = idFor(caller.organizationId, 'usage-correction', key);
    const subscription = await this.core.subscription(given.subscriptionId);
    if (subscription?.vendorId !== caller.organizationId) throw missing('subscription');
    const asked = { ...given, delta: BigInt(given.delta) };
    return this.db.transaction(async (tx) => {
      // Two calls with one key at once, maybe for two subscriptions: the second finds what the first made.
      await tx.query(`select pg_advisory_xact_lock(hashtextextended('metering.usage_correction ' || $1, 0))`, [id]);
      const repeated = await tx.findOneBy(UsageCorrection, { id });
      if (repeated) {
        assertSame({ ...repeated, hour: repeated.hour.toISOString() }, asked);
        return view(repeated, caller);
      }
      const hour = new Date(given.hour);
      this.assertCorrectable(subscription, hour);
      await this.assertDimension(subscription, given.dimension);
      assertNotBelowZero(await usedIn(tx, { ...asked, hour }), asked.delta);
      const correction: UsageCorrection = {
        ...asked,
        id,
        hour,
        buyerId: subscription.buyerId,
        vendorId: subscription.vendorId,
        productId: subscription.productId,
        state: 'proposed',
        proposedBy: caller.userId,
        proposedAt: this.clock.now(),
        decidedKind: null,
        decidedBy: null,
        decidedAt: null,
        note: '',
      };
      await tx.insert(UsageCorrection, correction);
      return view(correction, caller);
    });
  }

  async list(caller: Caller, query: CorrectionQuery): Promise<UsageCorrectionView[]> {
    const corrections = await this.db.manager.find(UsageCorrection, {
      where: { ...query, ...visibleTo(caller) },
      order: { proposedAt: 'desc', id: 'desc' },
      take: MOST_LISTED,
    });
    return corrections.map((correction) => view(correction, caller));
  }

  async get(caller: Caller, id: string): Promise<UsageCorrectionView> {
    return view(await visible(this.db.manager, caller, id), caller);
  }

  /**
   * Approves a correction, which counts from then on, or refuses it. The same answer again changes nothing.
   * @throws DomainError `missing`, `correction_decided`, `needs_the_buyer`, `needs_the_vendor`, `needs_another_person`,
   *   `hour_not_correctable`, `below_zero`
   */
  async decide(caller: Caller, id: string, { decision, note }: CorrectionDecision): Promise<UsageCorrectionView> {
    return this.db.transaction(async (tx) => {
      const correction = await locked(tx, caller, id);
      if (correction.state === decision && correction.decidedKind === caller.kind) return view(correction, caller);
      assertMayDecide(correction, caller);
      if (correction.state !== 'proposed') throw decided(correction);
      if (decision === 'approved') await this.adjust(tx, correction, caller);
      return this.settle(tx, correction, caller, { state: decision, note });
    });
  }

  /** Takes a proposal back, by anybody of the vendor. Twice is the same as once. @throws DomainError `correction_decided` */
  async withdraw(caller: Caller, id: string): Promise<UsageCorrectionView> {
    return this.db.transaction(async (tx) => {
      const correction = await locked(tx, caller, id);
      if (correction.state === 'withdrawn') return view(correction, caller);
      if (correction.state !== 'proposed') throw decided(correction);
      return this.settle(tx, correction, caller, { state: 'withdrawn', note: '' });
    });
  }

  /** Writes what counts from now on, and marks its day as summed up wrongly. */
  private async adjust(tx: EntityManager, correction: UsageCorrection, by: Caller): Promise<void> {
    const { subscriptionId, id, hour, dimension, delta, reason, vendorId, proposedBy } = correction;
    const subscription = await this.core.subscription(subscriptionId);
    if (!subscription) throw missing('subscription');
    this.assertCorrectable(subscription, hour);
    assertNotBelowZero(await usedIn(tx, correction), delta);
    await tx.query(
      `insert into metering.usage_adjustment
         (subscription_id, id, hour, dimension, delta, reason, requested_by, approved_by, idem_key, created_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
      [
        subscriptionId,
        id,
        hour,
        dimension,
        String(delta),
        reason,
        signature({ kind: 'vendor', organizationId: vendorId, userId: proposedBy }),
        signature(by),
        `correction ${id}`,
        this.clock.now(),
      ],
    );
    await markDirty(tx, [{ subscriptionId, day: dayOf(hour) }]);
    await this.doorbell.ring(tx, 'metering.roll-up', bucketOf(subscriptionId));
  }

  private async settle(
    tx: EntityManager,
    correction: UsageCorrection,
    { kind, userId }: Caller,
    { state, note }: Pick<UsageCorrection, 'state' | 'note'>,
  ): Promise<UsageCorrectionView> {
    // Auditors decide nothing, so that none comes here.
    const decidedKind = kind === 'auditor' ? null : kind;
    const change = { state, note, decidedKind, decidedBy: userId, decidedAt: this.clock.now() };
    const { subscriptionId, id } = correction;
    await tx.update(UsageCorrection, { subscriptionId, id, state: 'proposed' }, change);
    return view({ ...correction, ...change }, { kind, userId });
  }

  private assertCorrectable({ startedAt, endedAt }: Subscription, hour: Date): void {
    assertCorrectable({ hour, now: this.clock.now(), startedAt, endedAt, usageDays: this.config.USAGE_DAYS });
  }

  /** @throws DomainError `no_such_dimension` */
  private async assertDimension({ priceVersionId }: Subscription, dimension: string): Promise<void> {
    const metered = await this.core.meteredDimensions(priceVersionId);
    if (metered.has(dimension)) return;
    if ((await this.core.hourlyPrices(priceVersionId)).some((price) => price.dimension === dimension)) return;
    throw new DomainError('conflict', 'no_such_dimension', `This subscription has no price for "${dimension}".`);
  }
}

/**
 * What counts in an hour: records and corrections, of all sources. Two corrections of a subscription take turns here until they
 * commit; otherwise each could take back the same units.
 */
async function usedIn(
  tx: EntityManager,
  { subscriptionId, hour, dimension }: Pick<UsageCorrection, 'subscriptionId' | 'hour' | 'dimension'>,
): Promise<bigint> {
  await tx.query(`select pg_advisory_xact_lock(hashtextextended('metering.usage_adjustment ' || $1, 0))`, [subscriptionId]);
  const [{ total }] = await tx.query(
    `select (coalesce((select sum(record.quantity) from metering.usage_record record
               where record.subscription_id = $1 and record.hour = $2 and record.dimension = $3), 0)
           + coalesce((select sum(adjustment.delta) from metering.usage_adjustment adjustment
               where adjustment.subscription_id = $1 and adjustment.hour = $2 and adjustment.dimension = $3), 0))::text as total`,
    [subscriptionId, hour, dimension],
  );
  return BigInt(total);
}

const visibleTo = ({ kind, organizationId }: Caller): { vendorId?: string; buyerId?: string } => {
  if (kind === 'operator') return {};
  return kind === 'vendor' ? { vendorId: organizationId } : { buyerId: organizationId };
};

async function visible(tx: EntityManager, caller: Caller, id: string): Promise<UsageCorrection> {
  const correction = await tx.findOneBy(UsageCorrection, { id, ...visibleTo(caller) });
  if (!correction) throw missing('correction');
  return correction;
}

/** Two who decide at once take turns: the second sees what the first decided. */
async function locked(tx: EntityManager, caller: Caller, id: string): Promise<UsageCorrection> {
  const { subscriptionId } = await visible(tx, caller, id);
  return tx.findOneOrFail(UsageCorrection, { where: { subscriptionId, id }, lock: { mode: 'pessimistic_write' } });
}

const decided = ({ state }: UsageCorrection): DomainError =>
  new DomainError(
    'conflict',
    'correction_decided',
    `This correction was ${state} before; propose another where it is still wrong.`,
  );

/** Who it was, for those who read the rows years later. */
const signature = ({ kind, organizationId, userId }: Caller): string =>
  [kind, organizationId, userId === null ? 'API key' : `person ${userId}`].join(' ');

/** @param viewer people of other companies are not named to them. */
function view(correction: UsageCorrection, viewer: Pick<Caller, 'kind'> & Partial<Caller>): UsageCorrectionView {
  const named = (kind: Caller['kind'] | null, userId: string | null): string | null =>
    viewer.kind === 'operator' || viewer.kind === kind ? userId : null;
  return {
    id: correction.id,
    subscriptionId: correction.subscriptionId,
    productId: correction.productId,
    hour: correction.hour.toISOString(),
    dimension: correction.dimension,
    delta: String(correction.delta),
    reason: correction.reason,
    state: correction.state,
    proposedAt: correction.proposedAt.toISOString(),
    proposedBy: named('vendor', correction.proposedBy),
    decidedAt: correction.decidedAt?.toISOString() ?? null,
    decidedKind: correction.decidedKind,
    decidedBy: named(correction.decidedKind, correction.decidedBy),
    note: correction.note,
  };
}
