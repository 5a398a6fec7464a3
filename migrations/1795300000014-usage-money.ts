/** Owner: billing. How far the money for each dimension of each period has come, for whoever shows usage. */
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { forwardOnly } from './forward-only.ts';

export class UsageMoney1795300000014 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- One row for each dimension of a period that was rated. A price that changed within the period makes two charges; the one that
      -- is furthest behind counts. What is not here was metered and nothing more. Of a line that brings the vendor nothing there is
      -- nothing left to pay out.
      create view billing.usage_money as
        select period.subscription_id, period.starts_at, period.ends_at, charge.dimension,
               (array['rated', 'invoiced', 'collected', 'available', 'paid'])[min(case
                 when invoice.number is null then 1
                 when invoice.state <> 'paid' then 2
                 when invoice_line.released_at is null then 3
                 when payout.state in ('sent', 'paid', 'returned') or invoice_line.vendor_minor = 0 then 5
                 else 4
               end)] as state
          from billing.period
          join billing.charge on charge.period_id = period.id
          left join billing.invoice_line on invoice_line.charge_id = charge.id
          left join billing.invoice on invoice.id = invoice_line.invoice_id
          left join billing.transfer on transfer.id = invoice_line.transfer_id
          left join billing.payout on payout.id = transfer.payout_id
         group by period.subscription_id, period.starts_at, period.ends_at, charge.dimension;

      grant select on billing.usage_money to metering;
    `);
  }

  down = forwardOnly;
}
