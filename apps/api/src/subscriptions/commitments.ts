/** What buyers commit to ahead: contracts and years of machines, additions to them, and that they shall not renew themselves. */
import { Injectable } from '@nestjs/common';
import { DataSource, IsNull, type EntityManager } from 'typeorm';
import { DomainError, missing } from '#domain/errors.ts';
import { addMonths } from '#domain/period.ts';
import { instalmentsOf, optionOf, termsOf, type CommittedPrice } from '#domain/pricing/commitment.ts';
import { readPrice } from '#domain/pricing/stored-price.ts';
import type { Caller } from '#platform/auth.ts';
import { Clock } from '#platform/clock.ts';
import { assertSame, idFor } from '#platform/idempotency.ts';
import { newId } from '#platform/ids.ts';
import { Commitment } from '#tables/api/commitment.ts';
import { Price } from '#tables/api/price-version.ts';
import { Subscription } from '#tables/api/subscription.ts';
import { currentPriceVersion } from '../offers/price-lists.ts';
import type { CommitmentView, NewCommitment } from './commitments.schema.ts';
import { ownSubscription } from './own-subscription.ts';

interface Named {
  subscriptionId: string;
  commitmentId: string;
}

@Injectable()
export class Commitments {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
  ) {}

  /**
   * Commits to more, for a term of its own from now on, at the prices in force. The same Idempotency-Key commits once.
   * @throws DomainError `missing`; `subscription_ended`, `no_such_contract`, `idempotency_mismatch`
   */
  async make(caller: Caller, subscriptionId: string, given: NewCommitment, key?: string): Promise<CommitmentView> {
    const id = idFor(caller.organizationId, 'commitment', key);
    return this.db.transaction(async (tx) => {
      const subscription = await running(tx, caller, subscriptionId);
      const repeated = await tx.findOneBy(Commitment, { id, subscriptionId });
      if (repeated) {
        assertSame({ ...repeated }, { ...given, quantity: BigInt(given.quantity) });
        return view(tx, repeated, subscription);
      }
      const version = await currentPriceVersion(tx, subscription.offerId, this.clock.now());
      const commitment = await commit(tx, { id, subscriptionId, priceVersionId: version!.id, given, now: this.clock.now() });
      return view(tx, commitment, subscription);
    });
  }

  async list(caller: Caller, subscriptionId: string): Promise<CommitmentView[]> {
    const tx = this.db.manager;
    const subscription = await ownSubscription(tx, caller, subscriptionId);
    const found = await tx.find(Commitment, { where: { subscriptionId }, order: { startsAt: 'asc', id: 'asc' } });
    return Promise.all(found.map((commitment) => view(tx, commitment, subscription)));
  }

  /**
   * Adds units to a commitment, from now to the end of its present term, for the part of the price that is left of it.
   * @throws DomainError `missing`; `subscription_ended`, `commitment_over`, `no_such_contract`, `idempotency_mismatch`
   */
  async add(
    caller: Caller,
    { subscriptionId, commitmentId, quantity }: Named & { quantity: number },
    key?: string,
  ): Promise<CommitmentView> {
    const id = idFor(caller.organizationId, 'commitment', key);
    return this.db.transaction(async (tx) => {
      const subscription = await running(tx, caller, subscriptionId);
      const repeated = await tx.findOneBy(Commitment, { id, subscriptionId });
      if (repeated) {
        assertSame({ ...repeated }, { quantity: BigInt(quantity), addedTo: commitmentId });
        return view(tx, repeated, subscription);
      }
      const base = await own(tx, { subscriptionId, commitmentId });
      const now = this.clock.now();
      const term = termsOf(base, { until: now, endedAt: null }).at(-1);
      if (!term || term.to <= now)
        throw new DomainError('conflict', 'commitment_over', 'This commitment is over; make a new one.');
      const version = await currentPriceVersion(tx, subscription.offerId, now);
      const { dimension, months, renews, renewalStoppedAt } = base;
      await assertOffered(tx, { priceVersionId: version!.id, dimension, months });
      const commitment: Commitment = {
        id,
        subscriptionId,
        priceVersionId: version!.id,
        dimension,
        quantity: BigInt(quantity),
        months,
        startsAt: now,
        endsAt: term.to,
        renews: renews && renewalStoppedAt === null,
        renewalStoppedAt: null,
        addedTo: base.id,
        createdAt: now,
      };
      await tx.insert(Commitment, commitment);
      return view(tx, commitment, subscription);
    });
  }

  /** The term that runs is the last. Twice is the same as once. @throws DomainError `missing` */
  async stopRenewal(caller: Caller, named: Named): Promise<CommitmentView> {
    return this.db.transaction(async (tx) => {
      const subscription = await ownSubscription(tx, caller, named.subscriptionId);
      const { id } = await own(tx, named);
      await tx.update(Commitment, { id, renewalStoppedAt: IsNull() }, { renewalStoppedAt: this.clock.now() });
      return view(tx, await tx.findOneByOrFail(Commitment, { id }), subscription);
    });
  }
}

/** Writes a commitment to a full term from `now` on. @throws DomainError `no_such_contract` */
export async function commit(
  tx: EntityManager,
  {
    id = newId(),
    subscriptionId,
    priceVersionId,
    given,
    now,
  }: { id?: string; subscriptionId: string; priceVersionId: string; given: NewCommitment; now: Date },
): Promise<Commitment> {
  const { dimension, quantity, months, renews } = given;
  await assertOffered(tx, { priceVersionId, dimension, months });
  const commitment: Commitment = {
    id,
    subscriptionId,
    priceVersionId,
    dimension,
    quantity: BigInt(quantity),
    months,
    startsAt: now,
    endsAt: addMonths(now, months),
    renews,
    renewalStoppedAt: null,
    addedTo: null,
    createdAt: now,
  };
  await tx.insert(Commitment, commitment);
  return commitment;
}

/** Whether a version is sold by contract, so that who subscribes has to choose one. */
export const isByContract = (tx: EntityManager, priceVersionId: string): Promise<boolean> =>
  tx.existsBy(Price, { priceVersionId, model: 'contract' });

async function assertOffered(
  tx: EntityManager,
  { priceVersionId, dimension, months }: Pick<Commitment, 'priceVersionId' | 'dimension' | 'months'>,
): Promise<void> {
  const price = await committedPrice(tx, priceVersionId, dimension);
  if (price && optionOf(price, months)) return;
  throw new DomainError(
    'conflict',
    'no_such_contract',
    price
      ? `"${dimension}" is not offered for ${months} months; look at its options.`
      : `There is nothing to commit to as "${dimension}"; look at the offer's contract and annual prices.`,
  );
}

async function committedPrice(tx: EntityManager, priceVersionId: string, dimension: string): Promise<CommittedPrice | null> {
  const row = await tx.findOneBy(Price, { priceVersionId, dimension });
  const price = row && readPrice(row);
  return price && (price.model === 'annual' || price.model === 'contract') ? price : null;
}

/** Locked, so that what ends the subscription meanwhile waits. @throws DomainError `missing`, `subscription_ended` */
async function running(tx: EntityManager, caller: Caller, id: string): Promise<Subscription> {
  const { id: own } = await ownSubscription(tx, caller, id);
  const subscription = await tx.findOneOrFail(Subscription, { where: { id: own }, lock: { mode: 'pessimistic_write' } });
  if (subscription.endedAt)
    throw new DomainError(
      'conflict',
      'subscription_ended',
      'This subscription has ended; subscribe again to commit to something.',
    );
  return subscription;
}

async function own(tx: EntityManager, { subscriptionId, commitmentId }: Named): Promise<Commitment> {
  const commitment = await tx.findOneBy(Commitment, { id: commitmentId, subscriptionId });
  if (!commitment) throw missing('commitment');
  return commitment;
}

async function view(tx: EntityManager, commitment: Commitment, { currency }: Subscription): Promise<CommitmentView> {
  const price = (await committedPrice(tx, commitment.priceVersionId, commitment.dimension))!;
  const [term] = termsOf(commitment, { until: new Date(commitment.startsAt.getTime() + 1), endedAt: null });
  const instalments = instalmentsOf(commitment, term!, { ...optionOf(price, commitment.months)!, currency });
  return {
    id: commitment.id,
    subscriptionId: commitment.subscriptionId,
    priceVersionId: commitment.priceVersionId,
    dimension: commitment.dimension,
    quantity: String(commitment.quantity),
    months: commitment.months,
    startsAt: commitment.startsAt.toISOString(),
    endsAt: commitment.endsAt.toISOString(),
    renews: commitment.renews,
    renewalStoppedAt: commitment.renewalStoppedAt?.toISOString() ?? null,
    addedTo: commitment.addedTo,
    instalments: instalments.map(({ dueAt, amount }) => ({ dueAt: dueAt.toISOString(), amountMinor: String(amount) })),
  };
}
