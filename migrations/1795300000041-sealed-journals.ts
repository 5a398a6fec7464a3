/** Owner: billing. The book's hash chain, sealed after the fact in batches, and what each day's proof of the book found. */
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { forwardOnly } from './forward-only.ts';

export class SealedJournals1795300000041 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Which transaction wrote it: who follows the book reads only what no open transaction can still come before.
      alter table billing.journal add column xid xid8 not null default pg_current_xact_id();
      create index journal_xid on billing.journal (xid, id);

      create table billing.journal_seal (
        number bigint primary key check (number > 0),
        -- No foreign key: a seal outlives its journal, so that one that somebody took out is missed.
        journal_id uuid not null unique,
        -- SHA-256 over the journal with its postings; and over that with the chain's hash before.
        content_sha bytea not null,
        chain_sha bytea not null,
        sealed_at timestamptz not null
      );
      revoke update, delete on billing.journal_seal from billing;
      create trigger append_only before update or delete or truncate on billing.journal_seal execute function billing.append_only();

      create table billing.ledger_proof (
        day date primary key,
        proven_at timestamptz not null,
        journals bigint not null,
        is_sound boolean not null,
        findings jsonb not null check (jsonb_typeof(findings) = 'array'),
        -- What passes through: balances that are not zero, and since when.
        clearing jsonb not null check (jsonb_typeof(clearing) = 'array')
      );
      revoke update, delete on billing.ledger_proof from billing;
    `);
  }

  down = forwardOnly;
}
