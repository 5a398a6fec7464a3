/** Owner: billing. Since when an invoice could not be collected, and how far its buyer was dunned. */
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { forwardOnly } from './forward-only.ts';

export class Dunning1795300000042 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table billing.invoice add column collection_failed_at timestamptz,
        drop constraint invoice_state_check, add constraint invoice_state_check check (state in ('draft', 'open', 'paid', 'written_off'));
      grant update (collection_failed_at) on billing.invoice to billing;
      create or replace function billing.keep_finalised() returns trigger language plpgsql as $$
      declare
        free constant text[] := array['state', 'paid_at', 'payment_id', 'collection_asked_at', 'collection_failed_at', 'credited_minor'];
      begin
        if tg_op = 'DELETE' then
          raise exception 'invoice % is finalised and cannot be deleted', old.number using errcode = 'restrict_violation';
        end if;
        if to_jsonb(new) - free is distinct from to_jsonb(old) - free or new.credited_minor < old.credited_minor then
          raise exception 'invoice % is finalised and cannot be changed', old.number using errcode = 'restrict_violation';
        end if;
        return new;
      end $$;
      update billing.invoice set collection_failed_at = coalesce(payment.settled_at, payment.created_at) from billing.payment
       where payment.id = invoice.payment_id and payment.state = 'failed' and invoice.state = 'open';
      create index invoice_overdue on billing.invoice (buyer_id) where collection_failed_at is not null and state in ('open', 'written_off');

      alter table billing.standing add column dunned_at timestamptz,
        drop constraint standing_state_check, add constraint standing_state_check check (state in ('good', 'past_due', 'suspended', 'ended'));
    `);
  }

  down = forwardOnly;
}
