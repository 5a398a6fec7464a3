/** A buyer's invoices, one a month over all vendors, and how they are paid. */
import { EmptyState } from '@mantine/core';
import { IconFileInvoice } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Asked } from '../../ui/asked.tsx';
import { Page } from '../../ui/page.tsx';
import { InvoiceTable } from './invoice-table.tsx';
import { PaymentMethod } from './payment-method.tsx';
import { invoicesQuery } from './queries.ts';

export function InvoicesPage() {
  const invoices = useQuery(invoicesQuery);
  return (
    <Page title="Invoices" lead="One invoice a month over all vendors, charged to your card.">
      <PaymentMethod />
      <Asked query={invoices}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState
              py="xl"
              icon={<IconFileInvoice />}
              title="No invoices yet"
              description="The first one comes when the month ends in which a machine of yours ran. Name a card above, so that it can be paid."
            />
          ) : (
            <InvoiceTable items={items} />
          )
        }
      </Asked>
    </Page>
  );
}
