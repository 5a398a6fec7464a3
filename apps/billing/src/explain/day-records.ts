/**
 * The records that a day's sum is of, also those of archived days, and the proof that it is of exactly these: the hash that metering
 * made when it summed up (apps/metering/src/rollup/roll-up.ts) is made again here. Reads metering's tables.
 */
import { Injectable } from '@nestjs/common';
import { OtherDatabase } from '#platform/tokens.ts';

const DAY_MS = 86_400_000;

/** Of which usage. */
export interface UsageOf {
  subscriptionId: string;
  dimension: string;
  /** UTC, `2026-01-31`; in order. */
  days: readonly string[];
}

/** What a day came to, from the records themselves. */
export interface ProvenDay {
  day: string;
  quantity: string;
  records: number;
  corrections: number;
  sha: Buffer;
}

export interface RecordRow {
  hour: Date;
  source: string;
  quantity: string;
  recordId: string;
  signedBy: string;
  requestSha: Buffer;
  receivedAt: Date;
  sequence: string | null;
  receiptSha: Buffer | null;
  signature: Buffer | null;
  keyId: string | null;
}

export interface CorrectionRow {
  id: string;
  hour: Date;
  delta: string;
  reason: string;
  requestedBy: string;
  approvedBy: string;
  createdAt: Date;
}

/** After which record a page begins. */
export interface After {
  hour: Date;
  source: string;
}

@Injectable()
export class DayRecords {
  constructor(private readonly metering: OtherDatabase) {}

  /** @param known only what was there by then. A day without any has no row. */
  async days(of: UsageOf, known: Date): Promise<ProvenDay[]> {
    return this.metering.query(
      `select to_char(row.hour at time zone 'UTC', 'YYYY-MM-DD') as day, sum(row.quantity)::text as quantity,
              (count(*) filter (where row.source <> 'adjustment'))::int as records, (count(*) filter (where row.source = 'adjustment'))::int as corrections,
              sha256(convert_to(string_agg(
                concat_ws(' ', to_char(row.hour at time zone 'UTC', 'YYYY-MM-DD"T"HH24'), row.source, row.dimension, row.quantity, row.id),
                E'\\n' order by row.hour, row.source collate "C", row.id), 'UTF8')) as sha
         from (
           select record.hour, record.source_id::text as source, record.dimension, record.quantity, record.record_id as id
             from ${await this.records(of.days)} record
            where record.subscription_id = $1 and record.dimension = $2 and record.hour >= $3 and record.hour < $4 and record.received_at <= $6
           union all
           select adjustment.hour, 'adjustment', adjustment.dimension, adjustment.delta, adjustment.id
             from metering.usage_adjustment adjustment
            where adjustment.subscription_id = $1 and adjustment.dimension = $2 and adjustment.hour >= $3 and adjustment.hour < $4
              and adjustment.created_at <= $6
         ) as row
        where to_char(row.hour at time zone 'UTC', 'YYYY-MM-DD') = any($5)
        group by 1 order by 1`,
      [...keyOf(of), of.days, known],
    );
  }

  /** In the order of hours and sources, with their receipts where they have one already. */
  async page(of: UsageOf, { after, limit }: { after: After | null; limit: number }): Promise<RecordRow[]> {
    return this.metering.query(
      `select record.hour, record.source_id::text as source, record.quantity::text as quantity, record.record_id as "recordId",
              record.signed_by as "signedBy", record.request_sha as "requestSha", record.received_at as "receivedAt",
              receipt.sequence::text as sequence, receipt.sha as "receiptSha", receipt.signature, receipt.key_id as "keyId"
         from ${await this.records(of.days)} record
         left join metering.usage_receipt receipt on receipt.subscription_id = record.subscription_id and receipt.hour = record.hour
           and receipt.source_id = record.source_id and receipt.dimension = record.dimension
        where record.subscription_id = $1 and record.dimension = $2 and record.hour >= $3 and record.hour < $4
          and to_char(record.hour at time zone 'UTC', 'YYYY-MM-DD') = any($5)
          and ($6::timestamptz is null or (record.hour, record.source_id) > ($6, $7::uuid))
        order by record.hour, record.source_id limit $8`,
      [...keyOf(of), of.days, after?.hour ?? null, after?.source ?? null, limit],
    );
  }

  corrections(of: UsageOf): Promise<CorrectionRow[]> {
    return this.metering.query(
      `select adjustment.id, adjustment.hour, adjustment.delta::text as delta, adjustment.reason, adjustment.requested_by as "requestedBy",
              adjustment.approved_by as "approvedBy", adjustment.created_at as "createdAt"
         from metering.usage_adjustment adjustment
        where adjustment.subscription_id = $1 and adjustment.dimension = $2 and adjustment.hour >= $3 and adjustment.hour < $4
          and to_char(adjustment.hour at time zone 'UTC', 'YYYY-MM-DD') = any($5)
        order by adjustment.created_at, adjustment.id limit 200`,
      [...keyOf(of), of.days],
    );
  }

  /** Where records of these days are: an archived day is a table of its own. */
  private async records(days: readonly string[]): Promise<string> {
    const names = days.map((day) => `archived_usage_record_${day.replaceAll('-', '')}`);
    const rows: Array<{ tablename: string }> = await this.metering.query(
      `select pg_tables.tablename from pg_tables where pg_tables.schemaname = 'metering' and pg_tables.tablename = any($1) order by 1`,
      [names],
    );
    const columns = 'subscription_id, hour, source_id, dimension, quantity, record_id, request_sha, signed_by, received_at';
    const tables = ['usage_record', ...rows.map((row) => row.tablename)];
    return `(${tables.map((table) => `select ${columns} from metering.${table}`).join(' union all ')})`;
  }
}

/** Subscription, dimension, and the instants that the days lie between. */
const keyOf = ({ subscriptionId, dimension, days }: UsageOf): [string, string, Date, Date] => [
  subscriptionId,
  dimension,
  new Date(`${days[0] ?? '1970-01-01'}T00:00:00Z`),
  new Date(Date.parse(`${days.at(-1) ?? '1970-01-01'}T00:00:00Z`) + DAY_MS),
];
