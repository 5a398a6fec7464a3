/** Owner: billing. Payments that buyers make themselves, on a page of Stripe's. */
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { forwardOnly } from './forward-only.ts';

export class PaymentLinks1795300000051 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table billing.payment
        -- card: collected from the method on file. link: paid by the buyer on Stripe's page.
        add column via text not null default 'card' check (via in ('card', 'link')),
        -- The one invoice that a link is for; it may be collected otherwise when the link is over.
        add column linked_invoice_id uuid references billing.invoice (id),
        add column stripe_session_id text unique,
        -- Where to pay; empty again when it was paid there, or is over.
        add column link_url text,
        add column link_expires_at timestamptz,
        add constraint payment_link check ((via = 'link') = (linked_invoice_id is not null)),
        add constraint payment_link_page check (via = 'link' or (stripe_session_id is null and link_url is null and link_expires_at is null));
      create index payment_linked_invoice on billing.payment (linked_invoice_id) where via = 'link';
    `);
  }

  down = forwardOnly;
}
