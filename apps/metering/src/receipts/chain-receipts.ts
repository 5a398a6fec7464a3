/**
 * Gives each usage record its receipt: reads the records of days that the roll-up summed (metering.usage_unreceipted) and appends
 * what has no receipt yet to its subscription's chain in metering.usage_receipt. Records are only read once they are committed, so
 * the order of a chain is that in which they were seen; one that committed late simply comes later.
 */
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { NO_RECEIPT_BEFORE, receiptText, type ReceiptContent } from '#domain/receipt.ts';
import { Clock } from '#platform/clock.ts';
import { sha256 } from '#platform/seal.ts';
import { Stage } from '#platform/stage.ts';
import { BUCKETS } from '../buckets.ts';
import { holdDays } from '../usage/hold-days.ts';
import { ReceiptKeys } from './receipt-keys.ts';

const SUBSCRIPTIONS_AT_ONCE = 200;
/** Read at a time: what has its receipt already is passed over each time anew. */
const RECORDS_AT_ONCE = 10_000;
const RECEIPTS_PER_STATEMENT = 1_000;
/** A bucket that has more is rung for again; a job may not go on for ever. */
const MOST_CHUNKS = 50;

/** What a receipt says of its record, as text, so that no digit of a time is lost. */
export const CONTENT = `
  record.subscription_id as "subscriptionId", record.record_id as "recordId",
  to_char(record.hour at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as hour,
  record.source_id as source, record.dimension, record.quantity::text as quantity,
  to_char(record.received_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as "receivedAt",
  record.signed_by as "signedBy", encode(record.request_sha, 'hex') as "requestSha"`;

type Unchained = Omit<ReceiptContent, 'sequence' | 'previous'>;

interface Link {
  content: ReceiptContent;
  sha: Buffer;
}

@Injectable()
export class ChainReceipts extends Stage {
  readonly queue = 'metering.chain-receipts';
  override readonly concurrency = 1;

  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly keys: ReceiptKeys,
  ) {
    super();
  }

  /** @param bucket of subscriptions. */
  async work(bucket: string): Promise<void> {
    for (let chunks = 0; chunks < MOST_CHUNKS; chunks += 1) {
      const isEmpty = await this.db.transaction((tx) => this.chunk(tx, bucket));
      if (isEmpty) return;
    }
  }

  /** Buckets with a day whose records may lack receipts. */
  async due(): Promise<string[]> {
    const rows: Array<{ bucket: string }> = await this.db.query(
      `select given.bucket from unnest($1::text[]) as given (bucket)
        where exists (select from metering.usage_unreceipted mark where right(mark.subscription_id::text, 1) = given.bucket)`,
      [BUCKETS],
    );
    return rows.map((row) => row.bucket);
  }

  /** Some subscriptions' records of one day, oldest day first. @returns whether nothing was left to do. */
  private async chunk(tx: EntityManager, bucket: string): Promise<boolean> {
    // One writer for each chain; the keys of the table would refuse a second one, but only after its work.
    await tx.query(`select pg_advisory_xact_lock(hashtextextended('metering.usage_receipt ' || $1, 0))`, [bucket]);
    await holdDays(tx);
    // The marks go first and the records are read by a statement of its own after: who marks a day again meanwhile waits for us,
    // and what was marked before is seen.
    const marks = await takeMarks(tx, bucket);
    if (marks.length === 0) return true;
    const day = marks[0]!.day;
    const subscriptionIds = marks.map((mark) => mark.subscriptionId);
    const records = await unchained(tx, subscriptionIds, day);
    for (let from = 0; from < records.length; from += RECEIPTS_PER_STATEMENT)
      await this.append(tx, records.slice(from, from + RECEIPTS_PER_STATEMENT));
    if (records.length === RECORDS_AT_ONCE) {
      const reached = records.at(-1)!.subscriptionId;
      await putBack(
        tx,
        subscriptionIds.filter((id) => id >= reached),
        day,
      );
    }
    return false;
  }

  private async append(tx: EntityManager, records: readonly Unchained[]): Promise<void> {
    const links = chained(records, await heads(tx, [...new Set(records.map((record) => record.subscriptionId))]));
    const signatures = await Promise.all(links.map((link) => this.keys.current.sign(link.sha)));
    await tx.query(
      `insert into metering.usage_receipt
         (subscription_id, sequence, hour, source_id, dimension, record_id, previous_sha, sha, signature, key_id, chained_at)
       select given.*, $10, $11::timestamptz
         from unnest($1::uuid[], $2::bigint[], $3::timestamptz[], $4::uuid[], $5::text[], $6::uuid[], $7::bytea[], $8::bytea[], $9::bytea[]) as given`,
      [
        links.map(({ content }) => content.subscriptionId),
        links.map(({ content }) => content.sequence),
        links.map(({ content }) => content.hour),
        links.map(({ content }) => content.source),
        links.map(({ content }) => content.dimension),
        links.map(({ content }) => content.recordId),
        links.map(({ content }) => Buffer.from(content.previous, 'hex')),
        links.map(({ sha }) => sha),
        signatures,
        this.keys.current.keyId,
        this.clock.now(),
      ],
    );
  }
}

/** @returns the subscriptions of one day, in their order. */
function takeMarks(tx: EntityManager, bucket: string): Promise<Array<{ subscriptionId: string; day: string }>> {
  return tx.query(
    `with chunk as materialized (
       select mark.subscription_id, mark.day from metering.usage_unreceipted mark
        where right(mark.subscription_id::text, 1) = $1
          and mark.day = (select min(first.day) from metering.usage_unreceipted first where right(first.subscription_id::text, 1) = $1)
        order by mark.subscription_id limit ${SUBSCRIPTIONS_AT_ONCE}
     ), taken as (
       delete from metering.usage_unreceipted mark using chunk
        where mark.subscription_id = chunk.subscription_id and mark.day = chunk.day
     )
     select chunk.subscription_id as "subscriptionId", to_char(chunk.day, 'YYYY-MM-DD') as day from chunk order by chunk.subscription_id`,
    [bucket],
  );
}

/** What more there is of these waits for the next chunk. */
async function putBack(tx: EntityManager, subscriptionIds: string[], day: string): Promise<void> {
  await tx.query(
    'insert into metering.usage_unreceipted (subscription_id, day) select given.id, $2::date from unnest($1::uuid[]) as given (id) on conflict do nothing',
    [subscriptionIds, day],
  );
}

/** Records of a UTC day that have no receipt, by subscription and then in the order in which they came. */
function unchained(tx: EntityManager, subscriptionIds: string[], day: string): Promise<Unchained[]> {
  const start = new Date(`${day}T00:00:00Z`);
  return tx.query(
    `select ${CONTENT} from metering.usage_record record
      where record.subscription_id = any($1::uuid[]) and record.hour >= $2 and record.hour < $3
        and not exists (select from metering.usage_receipt receipt
                         where receipt.subscription_id = record.subscription_id and receipt.hour = record.hour
                           and receipt.source_id = record.source_id and receipt.dimension = record.dimension)
      order by record.subscription_id, record.received_at, record.record_id limit ${RECORDS_AT_ONCE}`,
    [subscriptionIds, start, new Date(start.getTime() + 86_400_000)],
  );
}

/** The last receipt of each subscription that has any. */
async function heads(tx: EntityManager, subscriptionIds: string[]): Promise<Map<string, { sequence: bigint; sha: string }>> {
  const rows: Array<{ id: string; sequence: string; sha: string }> = await tx.query(
    `select given.id, head.sequence, encode(head.sha, 'hex') as sha
       from unnest($1::uuid[]) as given (id)
       cross join lateral (select receipt.sequence, receipt.sha from metering.usage_receipt receipt
                            where receipt.subscription_id = given.id order by receipt.sequence desc limit 1) as head`,
    [subscriptionIds],
  );
  return new Map(rows.map((row) => [row.id, { sequence: BigInt(row.sequence), sha: row.sha }]));
}

/** Each record as the next link of its chain. */
function chained(records: readonly Unchained[], ends: Map<string, { sequence: bigint; sha: string }>): Link[] {
  return records.map((record) => {
    const end = ends.get(record.subscriptionId) ?? { sequence: 0n, sha: NO_RECEIPT_BEFORE };
    const sequence = end.sequence + 1n;
    const content = { ...record, sequence: String(sequence), previous: end.sha };
    const sha = sha256(receiptText(content));
    ends.set(record.subscriptionId, { sequence, sha: sha.toString('hex') });
    return { content, sha };
  });
}
