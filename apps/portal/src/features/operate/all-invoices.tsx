/** Every invoice of the marketplace. */
import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Asked } from '../../ui/asked.tsx';
import { Section } from '../../ui/section.tsx';
import { InvoiceTable } from '../invoices/invoice-table.tsx';
import { invoicesQuery } from '../invoices/queries.ts';

export function AllInvoices() {
  const invoices = useQuery(invoicesQuery);
  return (
    <Section title="Invoices">
      <Asked query={invoices}>
        {({ items }) =>
          items.length === 0 ? (
            <Text size="sm" c="dimmed">
              No invoices yet.
            </Text>
          ) : (
            <InvoiceTable items={items} withBuyer />
          )
        }
      </Asked>
    </Section>
  );
}
