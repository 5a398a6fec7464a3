/** Owner: billing. Double entry that the database itself keeps in balance and lets nobody rewrite. */
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { forwardOnly } from './forward-only.ts';

export class Ledger1795300000009 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table billing.journal (
        id uuid primary key,
        idem_key text not null unique,
        body_sha bytea not null,
        kind text not null,
        effective_at timestamptz not null,
        created_at timestamptz not null
      );

      create table billing.posting (
        journal_id uuid not null references billing.journal (id),
        ordinal integer not null,
        account text not null,
        currency text not null check (currency ~ '^[a-z]{3}$'),
        amount_minor bigint not null check (amount_minor <> 0),
        primary key (journal_id, ordinal)
      );
      create index posting_account on billing.posting (account, currency);

      -- Checked at commit, when all postings of a journal are there.
      create function billing.must_balance() returns trigger language plpgsql as $$
      begin
        if exists (select from billing.posting where posting.journal_id = new.journal_id group by posting.currency having sum(posting.amount_minor) <> 0) then
          raise exception 'journal % does not balance', new.journal_id using errcode = 'integrity_constraint_violation';
        end if;
        return null;
      end $$;
      create constraint trigger must_balance after insert on billing.posting
        deferrable initially deferred for each row execute function billing.must_balance();

      create function billing.append_only() returns trigger language plpgsql as $$
      begin
        raise exception '%.% is append-only: correct it with another journal', tg_table_schema, tg_table_name using errcode = 'restrict_violation';
      end $$;
      create trigger append_only before update or delete or truncate on billing.journal execute function billing.append_only();
      create trigger append_only before update or delete or truncate on billing.posting execute function billing.append_only();

      revoke update, delete on billing.journal, billing.posting from billing;
    `);
  }

  down = forwardOnly;
}
