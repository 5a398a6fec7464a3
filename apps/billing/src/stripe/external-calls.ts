/**
 * Calls that make something at Stripe, each made once however often it is tried (docs/MONEY.md, “Calls to Stripe”): the intent is committed before
 * the call, a repeat goes out under the same key with the same words, and when the key has nothing more to tell, the object is
 * looked for before a new key is used.
 */
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Clock } from '#platform/clock.ts';
import { newId } from '#platform/ids.ts';
import { insertAll } from '#platform/insert-all.ts';
import { ExternalCall } from '#tables/billing/external-call.ts';
import type { Mark } from './client.ts';
import { failureOf, isFinal, StripeFailure } from './stripe.errors.ts';

/** Stripe answers for a key for 24 hours; what is not settled well before that is looked for. */
const KEY_GOOD_FOR_HOURS = 20;
const HOUR_MS = 3_600_000;

export type Outcome<O> = { object: O; failure?: undefined } | { object?: undefined; failure: StripeFailure };

export interface CallVerbs<P extends object, O extends { id: string }> {
  /** What to say; asked for before the first attempt only. */
  params: () => P | Promise<P>;
  send: (params: P, mark: Mark) => Promise<O>;
  /** Looks for what an earlier attempt made. */
  find: (params: P, opId: string, since: Date) => Promise<O | undefined>;
  /** Writes down what came of it, in the transaction that settles the call: both or neither. */
  record: (tx: EntityManager, outcome: Outcome<O>) => Promise<void>;
}

@Injectable()
export class ExternalCalls {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
  ) {}

  /** Writes down the intent, in the transaction of the business row that names it. @returns its id */
  async plan(tx: EntityManager, operation: string): Promise<string> {
    const [id] = await this.planAll(tx, operation, 1);
    return id!;
  }

  /** Of so many calls. @returns their ids */
  async planAll(tx: EntityManager, operation: string, count: number): Promise<string[]> {
    const ids = Array.from({ length: count }, newId);
    const createdAt = this.clock.now();
    await insertAll(
      tx,
      ExternalCall,
      ids.map((id) => ({
        id,
        operation,
        params: null,
        idempotencyKey: id,
        state: 'planned' as const,
        attempts: 0,
        createdAt,
        firstSentAt: null,
        objectId: null,
        lastError: null,
      })),
    );
    return ids;
  }

  /**
   * Makes the call, or finds that it was made. No transaction may be open.
   * @throws StripeFailure when it is to be tried again.
   */
  async make<P extends object, O extends { id: string }>(id: string, verbs: CallVerbs<P, O>): Promise<void> {
    const call = await this.begin(id, verbs.params);
    if (!call) return;
    const params = call.params as P;
    try {
      const isLost = call.state === 'unknown';
      const object = isLost
        ? await verbs.find(params, id, call.firstSentAt!)
        : await verbs.send(params, { opId: id, key: call.idempotencyKey });
      if (object) return await this.settle(id, { object }, verbs.record);
    } catch (error) {
      const failure = failureOf(error);
      if (isFinal(failure) && call.state !== 'unknown') return this.settle(id, { failure }, verbs.record);
      await this.note(id, failure);
      throw failure;
    }
    await this.useNewKey(call);
    return this.make(id, verbs);
  }

  /** Why a call that has failed for good did so. */
  async failureOf(id: string): Promise<StripeFailure> {
    const { lastError } = await this.db.manager.findOneByOrFail(ExternalCall, { id });
    const [code = 'unknown', ...message] = (lastError ?? '').split(': ');
    return new StripeFailure('refused', code, message.join(': '));
  }

  /** The intent commits before Stripe hears of it: a crash in the next moment must find that something may have been sent. */
  private async begin(id: string, params: () => object | Promise<object>): Promise<ExternalCall | undefined> {
    const given = (await this.db.manager.findOneByOrFail(ExternalCall, { id })).params ?? (await params());
    return this.db.transaction(async (tx) => {
      const call = await tx.findOneOrFail(ExternalCall, { where: { id }, lock: { mode: 'pessimistic_write' } });
      if (call.state === 'succeeded' || call.state === 'failed_final') return undefined;
      const now = this.clock.now();
      call.params ??= given as Record<string, unknown>;
      if (call.firstSentAt && now.getTime() - call.firstSentAt.getTime() > KEY_GOOD_FOR_HOURS * HOUR_MS) call.state = 'unknown';
      if (call.state !== 'unknown') {
        call.state = 'in_flight';
        call.attempts += 1;
        call.firstSentAt ??= now;
      }
      return tx.save(call);
    });
  }

  private async settle<O extends { id: string }>(
    id: string,
    outcome: Outcome<O>,
    record: (tx: EntityManager, outcome: Outcome<O>) => Promise<void>,
  ): Promise<void> {
    await this.db.transaction(async (tx) => {
      const call = await tx.findOneOrFail(ExternalCall, { where: { id }, lock: { mode: 'pessimistic_write' } });
      // Another worker asked under the same key and got the same answer; it has written it down.
      if (call.state === 'succeeded' || call.state === 'failed_final') return;
      const { object, failure } = outcome;
      await tx.update(
        ExternalCall,
        { id },
        {
          state: object ? 'succeeded' : 'failed_final',
          objectId: object?.id ?? failure?.objectId ?? null,
          lastError: failure ? `${failure.code}: ${failure.message}` : null,
        },
      );
      await record(tx, outcome);
    });
  }

  private async note(id: string, failure: StripeFailure): Promise<void> {
    await this.db.query(
      `update billing.external_call set last_error = $2, state = case when $3 then 'unknown' else external_call.state end
       where external_call.id = $1 and external_call.state in ('in_flight', 'unknown')`,
      [id, `${failure.code}: ${failure.message}`, failure.isFinalAnswer],
    );
  }

  /** The old key made nothing. Of two workers that found so, one changes the key, and both go on with that one. */
  private async useNewKey({ id, idempotencyKey }: ExternalCall): Promise<void> {
    await this.db.query(
      `update billing.external_call set idempotency_key = $3, state = 'planned', first_sent_at = null
       where external_call.id = $1 and external_call.idempotency_key = $2 and external_call.state = 'unknown'`,
      [id, idempotencyKey, newId()],
    );
  }
}
