/**
 * Calls to Stripe that must happen exactly once (MONEY.md c.9). The intent is a row, committed before the call; the row's id is the
 * key, so that however often we are killed and ask again, Stripe does it once.
 */
import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Clock } from '#platform/clock.ts';
import { newId } from '#platform/ids.ts';
import { ExternalCall } from '#tables/billing/external-call.ts';
import { StripeFailure, type StripeFailureKind } from './stripe.errors.ts';

/** Stripe remembers a key for at least 24 hours; after 20 without an answer we no longer rely on that. */
const KEY_LIFE_MS = 20 * 3_600_000;
const FINAL: ReadonlySet<StripeFailureKind> = new Set(['declined', 'refused', 'short']);

export interface Call<T> {
  /** What is asked for, the same each time: another body under one key would be a bug. */
  params: Record<string, string>;
  call: (operation: { id: string }) => Promise<T>;
  idOf: (made: T) => string;
  /** What the call made, when its own answer was lost for good; null when it made nothing. */
  lookUp?: (operation: { id: string }, since: Date) => Promise<T | null>;
}

@Injectable()
export class ExternalCalls {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
  ) {}

  /** Writes the intent, in the transaction of the row that wants the call made. @returns its id */
  async plan(tx: EntityManager, operation: string, params: Record<string, string>): Promise<string> {
    const id = newId();
    await tx.insert(ExternalCall, { id, operation, paramsSha: hashOf(params), state: 'planned', attempts: 0, createdAt: this.clock.now(), firstSentAt: null, objectId: null, lastError: null });
    return id;
  }

  /**
   * Makes the planned call, or makes it again with the same key when we do not know how it ended.
   * @throws StripeFailure: `declined`, `refused` and `short` are final for this call, `later` and `unknown` are to be tried again.
   */
  async make<T>(id: string, { params, call, idOf, lookUp }: Call<T>): Promise<T> {
    const row = await this.db.manager.findOneByOrFail(ExternalCall, { id });
    if (!row.paramsSha.equals(hashOf(params))) throw new Error(`The call ${id} (${row.operation}) was planned with other parameters.`);
    const now = this.clock.now();
    if (row.state === 'unknown' || (row.firstSentAt && now.getTime() - row.firstSentAt.getTime() > KEY_LIFE_MS)) return this.recover(row, { idOf, lookUp });
    // Committed before the call: a crash from here on must find that something may be out there.
    await this.db.manager.update(ExternalCall, { id }, { state: 'in_flight', attempts: row.attempts + 1, firstSentAt: row.firstSentAt ?? now });
    try {
      return await this.succeed(id, await call({ id }), idOf);
    } catch (error) {
      await this.fail(id, error);
      throw error;
    }
  }

  /** The key is too old to be trusted: look, do not repeat. */
  private async recover<T>(row: ExternalCall, { idOf, lookUp }: Pick<Call<T>, 'idOf' | 'lookUp'>): Promise<T> {
    await this.db.manager.update(ExternalCall, { id: row.id }, { state: 'unknown' });
    const found = lookUp ? await lookUp({ id: row.id }, row.firstSentAt ?? row.createdAt) : null;
    if (found) return this.succeed(row.id, found, idOf);
    throw new StripeFailure('unknown', `Nobody knows how the call ${row.id} (${row.operation}) ended, and nothing of it is found at Stripe. Look there before anything is sent anew.`);
  }

  private async succeed<T>(id: string, made: T, idOf: (made: T) => string): Promise<T> {
    await this.db.manager.update(ExternalCall, { id }, { state: 'succeeded', objectId: idOf(made), lastError: null });
    return made;
  }

  private async fail(id: string, error: unknown): Promise<void> {
    const isFinal = error instanceof StripeFailure && FINAL.has(error.kind);
    // A 500 that Stripe has stored would be replayed for this key for ever: only a look-up helps.
    const isStored = error instanceof StripeFailure && error.isReplayed;
    await this.db.manager.update(
      ExternalCall,
      { id },
      { state: isFinal ? 'failed_final' : isStored ? 'unknown' : 'in_flight', lastError: String(error).slice(0, 2_000), ...(isFinal && error.objectId ? { objectId: error.objectId } : {}) },
    );
  }
}

const hashOf = (params: Record<string, string>): Buffer =>
  createHash('sha256')
    .update(JSON.stringify(Object.entries(params).sort(([a], [b]) => (a < b ? -1 : 1))))
    .digest();
