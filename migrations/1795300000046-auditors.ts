/** Owner: api. The auditor's seat: an organisation that reads the book, invoices and reports of all, and changes nothing. */
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { forwardOnly } from './forward-only.ts';

export class Auditors1795300000046 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table api.organization drop constraint organization_kind_check,
        add constraint organization_kind_check check (kind in ('buyer', 'vendor', 'operator', 'auditor'));

      create or replace function api.keep_kind() returns trigger language plpgsql as $$
      begin
        if current_user = 'api' and (new.kind in ('operator', 'auditor') or (tg_op = 'UPDATE' and new.kind <> old.kind)) then
          raise exception 'the kind of an organisation is not for the API to decide' using errcode = 'check_violation';
        end if;
        return new;
      end $$;
    `);
  }

  down = forwardOnly;
}
