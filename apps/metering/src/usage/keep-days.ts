/**
 * Keeps metering.usage_record in one partition per UTC day: makes days ahead, gives a day to records that came before it had one,
 * takes days away that are long billed, and forgets client tokens and events that no repeat can bring any more.
 */
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { dayOf } from '#domain/period.ts';
import { Clock } from '#platform/clock.ts';
import { Stage } from '#platform/stage.ts';
import { MeteringConfig } from '../config.ts';

const DAYS_AHEAD = 3;
const DAY_MS = 86_400_000;
/** Longer than any window for reports is open. */
/** What is kept only to know a repeat by. */
const FORGOTTEN = ['usage_client_token', 'usage_event'];
const REPEAT_DAYS = 35;
const ROWS_AT_ONCE = 50_000;
const DAYS_AT_ONCE = 20;
const ALL = 'days';

@Injectable()
export class KeepDays extends Stage {
  readonly queue = 'metering.keep-days';
  override readonly concurrency = 1;

  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly config: MeteringConfig,
  ) {
    super();
  }

  async work(): Promise<void> {
    for (const day of [...(await this.missing()), ...(await this.waiting())])
      await this.db.query('select metering.open_day($1)', [day]);
    for (const day of await this.overdue()) await this.archive(day);
    for (const table of FORGOTTEN)
      await this.db.query(
        `delete from metering.${table} used where used.ctid = any(array(
           select old.ctid from metering.${table} old where old.received_at < $1 limit ${ROWS_AT_ONCE}))`,
        [this.forgottenUntil()],
      );
  }

  async due(): Promise<string[]> {
    const isDue =
      (await this.missing()).length > 0 ||
      (await this.waiting()).length > 0 ||
      (await this.overdue()).length > 0 ||
      (await this.hasForgotten());
    return isDue ? [ALL] : [];
  }

  /** Days from yesterday on that should have a partition and have none. */
  private async missing(): Promise<string[]> {
    const now = this.clock.now().getTime();
    const wanted = Array.from({ length: DAYS_AHEAD + 2 }, (_, index) => dayOf(new Date(now + (index - 1) * DAY_MS)));
    const rows: Array<{ day: string }> = await this.db.query(
      `select given.day from unnest($1::text[]) as given (day)
        where to_regclass('metering.usage_record_' || replace(given.day, '-', '')) is null
          and to_regclass('metering.archived_usage_record_' || replace(given.day, '-', '')) is null`,
      [wanted],
    );
    return rows.map((row) => row.day);
  }

  /** Days of records that came when there was no partition for them. Of an archived day they stay where they are. */
  private async waiting(): Promise<string[]> {
    const rows: Array<{ day: string }> = await this.db.query(
      `select distinct to_char(record.hour at time zone 'UTC', 'YYYY-MM-DD') as day from metering.usage_record_default record
        where to_regclass('metering.archived_usage_record_' || to_char(record.hour at time zone 'UTC', 'YYYYMMDD')) is null
        limit ${DAYS_AT_ONCE}`,
    );
    return rows.map((row) => row.day);
  }

  /** Days that have been kept at hand for long enough, oldest first, and wait for no roll-up and no receipts. */
  private async overdue(): Promise<string[]> {
    const before = dayOf(new Date(this.clock.now().getTime() - this.config.USAGE_DAYS * DAY_MS));
    const rows: Array<{ day: string }> = await this.db.query(
      `select part.day from (
         select to_char(to_date(right(relname, 8), 'YYYYMMDD'), 'YYYY-MM-DD') as day from pg_inherits
           join pg_class on pg_class.oid = pg_inherits.inhrelid
          where pg_inherits.inhparent = 'metering.usage_record'::regclass and relname ~ '^usage_record_[0-9]{8}$') as part
        where part.day < $1 and not exists (select from metering.usage_dirty dirty where dirty.day = part.day::date)
          and not exists (select from metering.usage_unreceipted waiting where waiting.day = part.day::date)
        order by part.day limit ${DAYS_AT_ONCE}`,
      [before],
    );
    return rows.map((row) => row.day);
  }

  /** Whoever reads usage now is waited for, but not for long: those who write it wait behind us. */
  private archive(day: string): Promise<void> {
    return this.db.transaction(async (tx) => {
      await tx.query(`set local lock_timeout = '2s'`);
      await tx.query('select metering.archive_day($1)', [day]);
    });
  }

  private async hasForgotten(): Promise<boolean> {
    const [{ exists }] = await this.db.query(
      `select ${FORGOTTEN.map((table) => `exists (select from metering.${table} used where used.received_at < $1)`).join(' or ')} as exists`,
      [this.forgottenUntil()],
    );
    return exists;
  }

  private forgottenUntil(): Date {
    return new Date(this.clock.now().getTime() - REPEAT_DAYS * DAY_MS);
  }
}
