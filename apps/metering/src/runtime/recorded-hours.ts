/**
 * What is recorded of machines' hours: the records, which never change, and the corrections that this app made of them itself. Corrects
 * an hour about which EC2 says something else later: the machine was lost earlier than it seemed, or an end was moved.
 */
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { dayOf } from '#domain/period.ts';
import { Clock } from '#platform/clock.ts';
import { newId } from '#platform/ids.ts';
import { markDirty } from '../usage/dirty.ts';
import { holdDays } from '../usage/hold-days.ts';

/** Whose hours, in which dimensions, from which hour on. A machine's hours are all in one of them, that of its type. */
export interface Account {
  subscriptionId: string;
  dimensions: string[];
  from: Date;
}

export interface MachineHour {
  instanceId: string;
  /** Its start, in milliseconds. */
  hour: number;
  dimension: string;
  quantity: number;
}

/** What one machine's runs come to. */
export interface Counted {
  dimension: string;
  /** Quantities by the start of the hour in milliseconds. */
  byHour: Map<number, number>;
  /** Hours from then on may still grow. */
  finalUntil: Date;
}

interface Standing {
  dimension: string;
  /** The record and the corrections of it. */
  quantity: number;
  corrections: number;
}

/** By machine, and by the start of the hour in milliseconds. */
type Recorded = Map<string, Map<number, Standing>>;

interface Change extends MachineHour {
  standing: Standing;
}

const REASON = 'runtime seen late';

@Injectable()
export class RecordedHours {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
  ) {}

  async of({ subscriptionId, dimensions, from }: Account, tx: EntityManager = this.db.manager): Promise<Recorded> {
    const rows: Array<{ instance_id: string; hour: Date; dimension: string; quantity: string; corrections: number }> =
      await tx.query(
        `select part.instance_id, part.hour, part.dimension, sum(part.quantity)::text as quantity, sum(part.correction)::int as corrections
         from (
           select record.source_id::text as instance_id, record.hour, record.dimension, record.quantity, 0 as correction
             from metering.usage_record record
            where record.subscription_id = $1 and record.dimension = any($2) and record.hour >= $3
           union all
           select split_part(adjustment.idem_key, ' ', 2), adjustment.hour, adjustment.dimension, adjustment.delta, 1
             from metering.usage_adjustment adjustment
            where adjustment.subscription_id = $1 and adjustment.dimension = any($2) and adjustment.hour >= $3
              and adjustment.idem_key like 'runtime %'
         ) as part
        group by part.instance_id, part.hour, part.dimension`,
        [subscriptionId, dimensions, from],
      );
    const recorded: Recorded = new Map();
    for (const { instance_id: id, hour, dimension, quantity, corrections } of rows) {
      const hours = recorded.get(id) ?? new Map<number, Standing>();
      recorded.set(id, hours.set(hour.getTime(), { dimension, quantity: Number(quantity), corrections }));
    }
    return recorded;
  }

  /**
   * Writes what is missing to make the recorded hours what is counted. Again, or by two at once, it changes nothing more.
   * @param count what is counted now, which must be asked after what is recorded was read: no record may know more than it does.
   */
  async correct(account: Account, count: () => Promise<ReadonlyMap<string, Counted>>): Promise<void> {
    const { subscriptionId } = account;
    await this.db.transaction(async (tx) => {
      // Corrections that people approve wait here too: neither may take back what the other has taken already.
      await tx.query(`select pg_advisory_xact_lock(hashtextextended('metering.usage_adjustment ' || $1, 0))`, [subscriptionId]);
      await holdDays(tx);
      const recorded = await this.of(account, tx);
      const { changed } = compare(await count(), recorded);
      const totals = await totalsOf(tx, account);
      const rows: Array<{ hour: Date; dimension: string; delta: number; key: string }> = [];
      for (const { instanceId, hour, dimension, quantity, standing } of changed) {
        const total = totals.get(placeOf(hour, dimension)) ?? 0;
        // Of an hour that somebody has corrected before, no more is taken back than is left of it.
        const delta = Math.max(quantity - standing.quantity, -total);
        if (delta === 0) continue;
        totals.set(placeOf(hour, dimension), total + delta);
        rows.push({ hour: new Date(hour), dimension, delta, key: keyOf(instanceId, hour, standing.corrections + 1) });
      }
      if (rows.length === 0) return;
      await tx.query(
        `insert into metering.usage_adjustment (subscription_id, id, hour, dimension, delta, reason, requested_by, approved_by, idem_key, created_at)
         select $1, given.id, given.hour, given.dimension, given.delta, $2, 'platform', 'platform', given.key, $3
           from unnest($4::uuid[], $5::timestamptz[], $6::text[], $7::bigint[], $8::text[]) as given (id, hour, dimension, delta, key)`,
        [
          subscriptionId,
          REASON,
          this.clock.now(),
          rows.map(() => newId()),
          rows.map((row) => row.hour),
          rows.map((row) => row.dimension),
          rows.map((row) => row.delta),
          rows.map((row) => row.key),
        ],
      );
      await markDirty(
        tx,
        rows.map((row) => ({ subscriptionId, day: dayOf(row.hour) })),
      );
    });
  }
}

/** Leads from a correction back to the machine, and says the how-maniest of its hour it is. */
const keyOf = (instanceId: string, hour: number, count: number): string =>
  `runtime ${instanceId} ${new Date(hour).toISOString()} ${count}`;

/**
 * What has to be written: hours that are final and not recorded, and hours that are recorded and came to something else. What may still
 * grow is left alone. A machine of which no run is known any more has not run.
 */
export function compare(counted: ReadonlyMap<string, Counted>, recorded: Recorded): { fresh: MachineHour[]; changed: Change[] } {
  const fresh: MachineHour[] = [];
  const changed: Change[] = [];
  for (const [instanceId, { dimension, byHour, finalUntil }] of counted)
    for (const [hour, quantity] of byHour)
      if (hour < finalUntil.getTime() && !recorded.get(instanceId)?.has(hour))
        fresh.push({ instanceId, hour, dimension, quantity });
  for (const [instanceId, hours] of recorded)
    for (const [hour, standing] of hours) {
      const { byHour, finalUntil } = counted.get(instanceId) ?? { byHour: new Map<number, number>(), finalUntil: null };
      const quantity = byHour.get(hour) ?? 0;
      const isFinal = finalUntil === null || hour < finalUntil.getTime();
      if (isFinal && quantity !== standing.quantity)
        changed.push({ instanceId, hour, dimension: standing.dimension, quantity, standing });
    }
  return { fresh, changed };
}

/** What stands of each hour and dimension in all, by everybody's account. */
async function totalsOf(tx: EntityManager, { subscriptionId, dimensions, from }: Account): Promise<Map<string, number>> {
  const rows: Array<{ hour: Date; dimension: string; total: string }> = await tx.query(
    `select part.hour, part.dimension, sum(part.quantity)::text as total
       from (
         select record.hour, record.dimension, record.quantity from metering.usage_record record
          where record.subscription_id = $1 and record.dimension = any($2) and record.hour >= $3
         union all
         select adjustment.hour, adjustment.dimension, adjustment.delta from metering.usage_adjustment adjustment
          where adjustment.subscription_id = $1 and adjustment.dimension = any($2) and adjustment.hour >= $3
       ) as part
      group by part.hour, part.dimension`,
    [subscriptionId, dimensions, from],
  );
  return new Map(rows.map((row) => [placeOf(row.hour.getTime(), row.dimension), Number(row.total)]));
}

const placeOf = (hour: number, dimension: string): string => `${hour} ${dimension}`;
