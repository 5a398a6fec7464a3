/** Receipts read back by the two sides of a subscription, with all that each says of its record. ChainReceipts writes them. */
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { missing } from '#domain/errors.ts';
import { dayOf } from '#domain/period.ts';
import { headText, NO_RECEIPT_BEFORE, type ChainHead } from '#domain/receipt.ts';
import { seesEverybody, type Caller } from '#platform/auth.ts';
import { Clock } from '#platform/clock.ts';
import { sha256 } from '#platform/seal.ts';
import { Core } from '../core.ts';
import { CONTENT } from './chain-receipts.ts';
import { ReceiptKeys } from './receipt-keys.ts';
import type { ReceiptsQuery, ReceiptsView, UsageReceiptView } from './receipts.schema.ts';

const LINES_AT_ONCE = 1_000;

/** A receipt without what its record says. */
interface ReceiptRow {
  sequence: string;
  hour: Date;
  sourceId: string;
  dimension: string;
  recordId: string;
  previous: string;
  sha: string;
  signature: string;
  keyId: string;
}

/** What a record says, as text. */
type RecordText = Pick<
  UsageReceiptView,
  'subscriptionId' | 'recordId' | 'hour' | 'source' | 'dimension' | 'quantity' | 'receivedAt' | 'signedBy' | 'requestSha'
>;

@Injectable()
export class Receipts {
  constructor(
    private readonly db: DataSource,
    private readonly core: Core,
    private readonly clock: Clock,
    private readonly keys: ReceiptKeys,
  ) {}

  /**
   * In the order of the chain, what comes after `after`.
   * @throws DomainError `missing` when the subscription is not the caller's.
   */
  async list(caller: Caller, { subscriptionId, after, limit }: ReceiptsQuery): Promise<ReceiptsView> {
    await this.own(caller, subscriptionId);
    const rows = await this.page(subscriptionId, { after: BigInt(after), until: null, limit: limit + 1 });
    const items = await this.shown(subscriptionId, rows.slice(0, limit));
    return { items, nextAfter: rows.length > limit ? items.at(-1)!.sequence : null };
  }

  /**
   * The chain as it is now, a receipt a line, and its signed head as the last line.
   * @throws DomainError `missing` when the subscription is not the caller's; before the first line.
   */
  async export(caller: Caller, subscriptionId: string): Promise<AsyncIterable<string>> {
    await this.own(caller, subscriptionId);
    const [head] = await this.db.query(
      `select receipt.sequence, encode(receipt.sha, 'hex') as sha from metering.usage_receipt receipt
        where receipt.subscription_id = $1 order by receipt.sequence desc limit 1`,
      [subscriptionId],
    );
    return this.lines(subscriptionId, head ?? { sequence: '0', sha: NO_RECEIPT_BEFORE });
  }

  private async own(caller: Caller, subscriptionId: string): Promise<void> {
    const subscription = await this.core.subscription(subscriptionId);
    if (!subscription) throw missing('subscription');
    const side = caller.kind === 'buyer' ? subscription.buyerId : subscription.vendorId;
    if (!seesEverybody(caller) && side !== caller.organizationId) throw missing('subscription');
  }

  private async *lines(
    subscriptionId: string,
    { sequence: until, sha }: { sequence: string; sha: string },
  ): AsyncGenerator<string> {
    let [after, count] = [0n, 0];
    for (;;) {
      const rows = await this.page(subscriptionId, { after, until, limit: LINES_AT_ONCE });
      if (rows.length === 0) break;
      const receipts = await this.shown(subscriptionId, rows);
      yield receipts.map((receipt) => `${JSON.stringify(receipt)}\n`).join('');
      after = BigInt(rows.at(-1)!.sequence);
      count += rows.length;
    }
    const head: ChainHead = {
      subscriptionId,
      sequence: until,
      sha,
      count: String(count),
      exportedAt: this.clock.now().toISOString(),
    };
    const { current } = this.keys;
    const signature = (await current.sign(sha256(headText(head)))).toString('base64');
    yield `${JSON.stringify({ head: { ...head, signature, keyId: current.keyId } })}\n`;
  }

  private page(
    subscriptionId: string,
    { after, until, limit }: { after: bigint; until: string | null; limit: number },
  ): Promise<ReceiptRow[]> {
    return this.db.query(
      `select receipt.sequence, receipt.hour, receipt.source_id as "sourceId", receipt.dimension, receipt.record_id as "recordId",
              encode(receipt.previous_sha, 'hex') as previous, encode(receipt.sha, 'hex') as sha,
              encode(receipt.signature, 'base64') as signature, receipt.key_id as "keyId"
         from metering.usage_receipt receipt
        where receipt.subscription_id = $1 and receipt.sequence > $2 and ($3::bigint is null or receipt.sequence <= $3)
        order by receipt.sequence limit $4`,
      [subscriptionId, String(after), until, limit],
    );
  }

  private async shown(subscriptionId: string, rows: readonly ReceiptRow[]): Promise<UsageReceiptView[]> {
    if (rows.length === 0) return [];
    const records = await this.records('metering.usage_record', subscriptionId, rows);
    for (const [day, those] of Map.groupBy(
      rows.filter((row) => !records.has(keyOf(row))),
      (row) => dayOf(row.hour),
    ))
      for (const [key, record] of await this.archived(day, subscriptionId, those)) records.set(key, record);
    return rows.map((row) => {
      const { sequence, previous, sha, keyId } = row;
      // In the order in which libs/domain/receipt.ts names them; what the record no longer says is null.
      const record = records.get(keyOf(row)) ?? gone(subscriptionId, row);
      return {
        subscriptionId: record.subscriptionId,
        sequence,
        previous,
        recordId: record.recordId,
        hour: record.hour,
        source: record.source,
        dimension: record.dimension,
        quantity: record.quantity,
        receivedAt: record.receivedAt,
        signedBy: record.signedBy,
        requestSha: record.requestSha,
        sha,
        // PostgreSQL breaks base64 into lines.
        signature: row.signature.replaceAll('\n', ''),
        keyId,
      };
    });
  }

  /** What these receipts are about, by their keys. */
  private async records(table: string, subscriptionId: string, rows: readonly ReceiptRow[]): Promise<Map<string, RecordText>> {
    const times = rows.map((row) => row.hour.getTime());
    const found: Array<RecordText & { index: number }> = await this.db.query(
      // Each is looked up by its key; a join might go through all that the subscription has.
      `select given.place::int - 1 as index, found.*
         from unnest($2::timestamptz[], $3::uuid[], $4::text[]) with ordinality as given (hour, source_id, dimension, place)
         cross join lateral (
           select ${CONTENT} from ${table} record
            where record.subscription_id = $1 and record.hour = given.hour and record.hour between $5 and $6
              and record.source_id = given.source_id and record.dimension = given.dimension
            limit 1
         ) as found`,
      [
        subscriptionId,
        rows.map((row) => row.hour),
        rows.map((row) => row.sourceId),
        rows.map((row) => row.dimension),
        new Date(Math.min(...times)),
        new Date(Math.max(...times)),
      ],
    );
    return new Map(found.map(({ index, ...record }) => [keyOf(rows[index]!), record]));
  }

  /** Of days that were archived, as long as the operator leaves them in the database. */
  private async archived(day: string, subscriptionId: string, rows: readonly ReceiptRow[]): Promise<Map<string, RecordText>> {
    const table = `metering.archived_usage_record_${day.replaceAll('-', '')}`;
    const [{ exists }] = await this.db.query('select to_regclass($1) is not null as exists', [table]);
    return exists ? this.records(table, subscriptionId, rows) : new Map();
  }
}

const keyOf = ({ hour, sourceId, dimension }: ReceiptRow): string => `${hour.getTime()} ${sourceId} ${dimension}`;

const gone = (subscriptionId: string, { recordId, hour, sourceId, dimension }: ReceiptRow): RecordText => ({
  subscriptionId,
  recordId,
  hour: `${hour.toISOString().slice(0, 19)}Z`,
  source: sourceId,
  dimension,
  quantity: null,
  receivedAt: null,
  signedBy: null,
  requestSha: null,
});
