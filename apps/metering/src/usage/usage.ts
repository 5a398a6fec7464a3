/**
 * Accepted usage: written once, never changed, read back. The primary key (subscription, hour, source, dimension) is the
 * deduplication; the hash of what was asked for tells a repeat from a conflict.
 */
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { missing } from '#domain/errors.ts';
import { canonicalUsage, hourOf, type Allocation } from '#domain/usage.ts';
import { dayOf } from '#domain/period.ts';
import type { Caller } from '#platform/auth.ts';
import { Clock } from '#platform/clock.ts';
import { Doorbell } from '#platform/doorbell.ts';
import { newId } from '#platform/ids.ts';
import { sha256 } from '#platform/seal.ts';
import { Core } from '../core.ts';
import type { UsageQuery, UsageView } from './usage.schema.ts';

export interface NewUsage {
  subscriptionId: string;
  /** Anywhere in the hour of use. */
  at: Date;
  /** The instance that reports, or the subscription itself for usage its vendor reports. */
  sourceId: string;
  dimension: string;
  quantity: number;
  allocations?: Allocation[];
  /** The access key, or `platform` for what we counted ourselves. */
  signedBy: string;
  /** The caller's own name for this request, with all that it asked for. */
  clientToken?: { token: string; request: string };
}

export interface Receipt {
  /** The record that stands for the hour: ours, an equal earlier one, or the one that differs. */
  recordId: string;
  outcome: 'accepted' | 'repeated' | 'differs';
}

/** A client token came back with another request. Nothing was recorded. */
export class ClientTokenReused extends Error {
  override readonly name = 'ClientTokenReused';
}

interface Row extends NewUsage {
  index: number;
  hour: Date;
  recordId: string;
  requestSha: Buffer;
}

@Injectable()
export class Usage {
  constructor(
    private readonly db: DataSource,
    private readonly core: Core,
    private readonly clock: Clock,
    private readonly doorbell: Doorbell,
  ) {}

  /**
   * Records what is new, in one transaction; the receipts are in the order of `rows` and hold once this has returned. Of rows
   * with the same key the first counts. Nothing is ever added up.
   * @throws ClientTokenReused
   */
  async record(rows: NewUsage[]): Promise<Receipt[]> {
    if (rows.length === 0) return [];
    const sorted = rows.map(toRow).sort(byKey);
    return this.db.transaction(async (tx) => {
      await refuseReusedTokens(tx, sorted);
      const written = await this.insert(tx, sorted);
      const isNew = (row: Row): boolean => written.has(row.recordId);
      const standing = written.size === sorted.length ? new Map<string, Standing>() : await standingFor(tx, sorted);
      const receipts: Receipt[] = [];
      for (const row of sorted) receipts[row.index] = isNew(row) ? accepted(row) : compared(row, standing.get(keyOf(row))!);
      await this.rememberTokens(tx, sorted, receipts);
      await this.markDirty(tx, sorted.filter(isNew));
      return receipts;
    });
  }

  /**
   * What was accepted for a subscription in the hours of `[from, to)`, oldest first, and its sums by day.
   * @throws DomainError `missing` when the subscription is not the caller's.
   */
  async list(caller: Caller, { subscriptionId, from, to, limit }: UsageQuery): Promise<UsageView> {
    const subscription = await this.core.subscription(subscriptionId);
    const isTheirs = { buyer: subscription?.buyerId, vendor: subscription?.vendorId, operator: caller.organizationId };
    if (!subscription || isTheirs[caller.kind] !== caller.organizationId) throw missing('subscription');
    const span = [subscriptionId, from ?? monthStart(this.clock.now()), to ?? this.clock.now()];
    const [records, days] = await Promise.all([
      this.db.query(
        `select record.record_id, record.hour, record.source_id, record.dimension, record.quantity, record.received_at
           from metering.usage_record record
          where record.subscription_id = $1 and record.hour >= $2 and record.hour < $3
          order by record.hour, record.source_id, record.dimension limit $4`,
        [...span, limit],
      ) as Promise<RecordRow[]>,
      this.db.query(
        `select to_char(record.hour at time zone 'UTC', 'YYYY-MM-DD') as day, record.dimension, sum(record.quantity) as quantity
           from metering.usage_record record
          where record.subscription_id = $1 and record.hour >= $2 and record.hour < $3
          group by 1, 2 order by 1, 2`,
        span,
      ) as Promise<UsageView['days']>,
    ]);
    return { items: records.map((row) => view(row, subscriptionId)), days };
  }

  /** @returns ids of the records that are new. A concurrent writer of the same key is waited for, then seen as standing. */
  private async insert(tx: EntityManager, rows: Row[]): Promise<Set<string>> {
    const columns = [
      rows.map((row) => row.subscriptionId),
      rows.map((row) => row.hour),
      rows.map((row) => row.sourceId),
      rows.map((row) => row.dimension),
      rows.map((row) => row.quantity),
      rows.map((row) => row.recordId),
      rows.map((row) => row.requestSha),
      rows.map((row) => row.signedBy),
    ];
    // Everybody inserts in the order of the key, so that two batches never wait for each other in a ring.
    const inserted: Array<{ record_id: string }> = await tx.query(
      `insert into metering.usage_record
         (subscription_id, hour, source_id, dimension, quantity, record_id, request_sha, signed_by, received_at)
       select given.subscription_id, given.hour, given.source_id, given.dimension, given.quantity, given.record_id,
              given.request_sha, given.signed_by, $9
         from unnest($1::uuid[], $2::timestamptz[], $3::uuid[], $4::text[], $5::bigint[], $6::uuid[], $7::bytea[], $8::text[])
              with ordinality
              as given (subscription_id, hour, source_id, dimension, quantity, record_id, request_sha, signed_by, place)
        order by given.place
       on conflict (subscription_id, hour, source_id, dimension) do nothing
       returning record_id`,
      [...columns, this.clock.now()],
    );
    return new Set(inserted.map((row) => row.record_id));
  }

  private async rememberTokens(tx: EntityManager, rows: Row[], receipts: Receipt[]): Promise<void> {
    for (const row of rows) {
      const receipt = receipts[row.index]!;
      if (!row.clientToken || receipt.outcome === 'differs') continue;
      const kept: unknown[] = await tx.query(
        `insert into metering.usage_client_token (subscription_id, source_id, client_token, request_sha, record_id, hour)
         values ($1, $2, $3, $4, $5, $6) on conflict (subscription_id, source_id, client_token) do nothing returning record_id`,
        [row.subscriptionId, row.sourceId, row.clientToken.token, sha256(row.clientToken.request), receipt.recordId, row.hour],
      );
      // Somebody else used it since we looked, and we waited for them: what they asked for is now to be seen.
      if (kept.length === 0) await refuseReusedTokens(tx, [row]);
    }
  }

  /** The days whose sums are no longer right, and the bell for the roll-up, in the transaction that made them so. */
  private async markDirty(tx: EntityManager, rows: Row[]): Promise<void> {
    if (rows.length === 0) return;
    const days = new Map(rows.map((row) => [`${row.subscriptionId} ${dayOf(row.hour)}`, row]));
    const sorted = [...days.values()];
    await tx.query(
      `insert into metering.usage_dirty as dirty (subscription_id, day)
       select given.subscription_id, given.day from unnest($1::uuid[], $2::date[]) as given (subscription_id, day)
        order by given.subscription_id, given.day
       on conflict (subscription_id, day) do update set touched = dirty.touched + 1`,
      [sorted.map((row) => row.subscriptionId), sorted.map((row) => dayOf(row.hour))],
    );
    for (const id of new Set(sorted.map((row) => row.subscriptionId))) await this.doorbell.ring(tx, 'metering.roll-up', id);
  }
}

/** @throws ClientTokenReused when a token is known for another request than the one it comes with now. */
async function refuseReusedTokens(tx: EntityManager, rows: Row[]): Promise<void> {
  for (const { subscriptionId, sourceId, clientToken } of rows) {
    if (!clientToken) continue;
    const known: Array<{ request_sha: Buffer }> = await tx.query(
      `select used.request_sha from metering.usage_client_token used
        where used.subscription_id = $1 and used.source_id = $2 and used.client_token = $3`,
      [subscriptionId, sourceId, clientToken.token],
    );
    if (known[0] && !known[0].request_sha.equals(sha256(clientToken.request)))
      throw new ClientTokenReused('This client token was used for another request.');
  }
}

interface Standing {
  recordId: string;
  requestSha: Buffer;
}

/** The records that hold the keys of `rows`, by key. */
async function standingFor(tx: EntityManager, rows: Row[]): Promise<Map<string, Standing>> {
  const found: StandingRow[] = await tx.query(
    `select record.subscription_id, record.hour, record.source_id, record.dimension, record.record_id, record.request_sha
       from unnest($1::uuid[], $2::timestamptz[], $3::uuid[], $4::text[]) as given (subscription_id, hour, source_id, dimension)
       join metering.usage_record record using (subscription_id, hour, source_id, dimension)`,
    [
      rows.map((row) => row.subscriptionId),
      rows.map((row) => row.hour),
      rows.map((row) => row.sourceId),
      rows.map((row) => row.dimension),
    ],
  );
  return new Map(
    found.map((row) => [
      keyOf({ subscriptionId: row.subscription_id, hour: row.hour, sourceId: row.source_id, dimension: row.dimension }),
      { recordId: row.record_id, requestSha: row.request_sha },
    ]),
  );
}

interface StandingRow {
  subscription_id: string;
  hour: Date;
  source_id: string;
  dimension: string;
  record_id: string;
  request_sha: Buffer;
}

const toRow = (usage: NewUsage, index: number): Row => ({
  ...usage,
  index,
  hour: hourOf(usage.at),
  recordId: newId(),
  requestSha: sha256(canonicalUsage(usage.quantity, usage.allocations ?? [])),
});

const keyOf = ({ subscriptionId, hour, sourceId, dimension }: Pick<Row, 'subscriptionId' | 'hour' | 'sourceId' | 'dimension'>) =>
  `${subscriptionId} ${hour.toISOString()} ${sourceId} ${dimension}`;

const byKey = (a: Row, b: Row): number => (keyOf(a) < keyOf(b) ? -1 : keyOf(a) > keyOf(b) ? 1 : a.index - b.index);

const accepted = ({ recordId }: Row): Receipt => ({ recordId, outcome: 'accepted' });

const compared = (row: Row, { recordId, requestSha }: Standing): Receipt => ({
  recordId,
  outcome: requestSha.equals(row.requestSha) ? 'repeated' : 'differs',
});

interface RecordRow {
  record_id: string;
  hour: Date;
  source_id: string;
  dimension: string;
  quantity: string;
  received_at: Date;
}

const view = (row: RecordRow, subscriptionId: string): UsageView['items'][number] => ({
  recordId: row.record_id,
  hour: row.hour.toISOString(),
  day: dayOf(row.hour),
  source: row.source_id === subscriptionId ? 'vendor' : 'instance',
  sourceId: row.source_id,
  dimension: row.dimension,
  quantity: row.quantity,
  receivedAt: row.received_at.toISOString(),
});

const monthStart = (now: Date): Date => new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth()));
