/** Owner: billing. What was looked through at Stripe: how far events that did not come were asked for, and what comparing the books found. */
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { forwardOnly } from './forward-only.ts';

export class LookingThroughStripe1795300000045 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table billing.event_sweep (
        -- A connected account of Stripe's, or 'platform'.
        owner text primary key,
        swept_until timestamptz not null,
        -- Events of the last sweep that had not come by themselves.
        missed integer not null check (missed >= 0)
      );

      create table billing.reconciliation (
        id uuid primary key,
        -- Of the nightly one; null for one that somebody asked for.
        day date unique,
        asked_by text,
        covers_from timestamptz not null,
        covers_to timestamptz not null check (covers_to > covers_from),
        asked_at timestamptz not null,
        finished_at timestamptz,
        totals jsonb not null default '[]' check (jsonb_typeof(totals) = 'array'),
        differences jsonb not null default '[]' check (jsonb_typeof(differences) = 'array'),
        check ((day is null) <> (asked_by is null))
      );
      create index reconciliation_waiting on billing.reconciliation (asked_at) where finished_at is null;
    `);
  }

  down = forwardOnly;
}
