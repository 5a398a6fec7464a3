/** Owner: metering. Billing reads single records: what a subscription has accrued by machine and tag, and what an invoice line is made of. */
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { forwardOnly } from './forward-only.ts';

export class RecordsForBilling1795300000035 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      grant select on metering.usage_record, metering.usage_allocation, metering.usage_adjustment, metering.usage_receipt to billing;
    `);
    await runner.query(ARCHIVES);
  }

  down = forwardOnly;
}

/** As before, and billing may read the archived days too: a line is explained as long as its records are there. */
const ARCHIVES = `
  create or replace function metering.archive_day(day date) returns boolean language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
  declare
    part text := 'usage_record_' || to_char(day, 'YYYYMMDD');
  begin
    perform pg_advisory_xact_lock(hashtextextended('metering.usage_record partitions', 0));
    if to_regclass('metering.' || part) is null
       or exists (select from metering.usage_dirty dirty where dirty.day = archive_day.day)
       or exists (select from metering.usage_unreceipted waiting where waiting.day = archive_day.day) then
      return false;
    end if;
    execute format('alter table metering.usage_record detach partition metering.%I', part);
    execute format('alter table metering.%I rename to %I', part, 'archived_' || part);
    execute format('revoke all on metering.%I from metering', 'archived_' || part);
    execute format('grant select on metering.%I to metering, billing', 'archived_' || part);
    return true;
  end $$;

  do $$
  declare
    archived text;
  begin
    for archived in select tablename from pg_tables where schemaname = 'metering' and tablename like 'archived\\_usage\\_record\\_%' loop
      execute format('grant select on metering.%I to billing', archived);
    end loop;
  end $$;`;
