/** One invoice with its lines. */
import { Alert, Card, Group, Table, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import type { Schemas } from '../../lib/api.ts';
import { day, grouped, money, period, price, running } from '../../lib/format.ts';
import { useMe } from '../../lib/session.ts';
import { Asked } from '../../ui/asked.tsx';
import { TextLink } from '../../ui/links.tsx';
import { NotFound } from '../../ui/not-found.tsx';
import { Page } from '../../ui/page.tsx';
import { StateBadge } from '../../ui/state-badge.tsx';
import { invoiceQuery } from './queries.ts';

/** Seconds are counted and hours priced: the amount is quantity ÷ 3600 × price. */
const SECONDS_OF_AN_HOUR = '3600';

export function InvoicePage() {
  const { id } = useParams({ from: '/billed/invoices/$id' });
  const invoice = useQuery(invoiceQuery(id));
  return <Asked query={invoice}>{(found) => (found ? <Invoice invoice={found} /> : <NotFound what="invoice" />)}</Asked>;
}

function Invoice({ invoice }: { invoice: Schemas['Invoice'] }) {
  const { number, buyer, state, paymentFailure, currency, totalMinor, periodStart, periodEnd, dueAt, paidAt, lines } = invoice;
  const isOperator = useMe()?.organization.kind === 'operator';
  return (
    <Page
      title={`Invoice ${number}`}
      above={
        <TextLink to={isOperator ? '/operate' : '/invoices'} size="sm">
          {isOperator ? 'Operate' : 'Invoices'}
        </TextLink>
      }
      lead={`${buyer}, ${period(periodStart, periodEnd)}`}
      actions={
        <Group gap="xs">
          <StateBadge state={state} />
          <Text size="sm" c="dimmed">
            {paidAt ? `paid ${day(paidAt)}` : `due ${day(dueAt)}`}
          </Text>
        </Group>
      }
    >
      {paymentFailure && state === 'open' && (
        <Alert color="orange" icon={<IconAlertTriangle />} title="The payment did not go through" role="alert">
          {paymentFailure} It is tried again; name another payment method under Invoices if this one no longer works.
        </Alert>
      )}
      <Card padding={0}>
        <Table.ScrollContainer minWidth={680}>
          <Table horizontalSpacing="lg">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>For</Table.Th>
                <Table.Th ta="right">Quantity</Table.Th>
                <Table.Th ta="right">Price</Table.Th>
                <Table.Th ta="right">Amount</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {lines.map((line) => (
                <Table.Tr key={line.id}>
                  <Table.Td>
                    {line.product}: {line.description}
                    <Text size="xs" c="dimmed">
                      sold by {line.vendor}
                    </Text>
                  </Table.Td>
                  <Table.Td ta="right">
                    {line.unitSize === SECONDS_OF_AN_HOUR ? running(line.quantity) : grouped(line.quantity)}
                    {line.unitSize === SECONDS_OF_AN_HOUR && (
                      <Text size="xs" c="dimmed">
                        {grouped(line.quantity)} s
                      </Text>
                    )}
                  </Table.Td>
                  <Table.Td ta="right">
                    {line.rate && price(line.rate, currency)}
                    <Text size="xs" c="dimmed">
                      per {line.unit}
                    </Text>
                  </Table.Td>
                  <Table.Td ta="right">{money(line.amountMinor, currency)}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
            <Table.Tfoot>
              <Table.Tr>
                <Table.Th colSpan={3}>Total</Table.Th>
                <Table.Th ta="right">{money(totalMinor, currency)}</Table.Th>
              </Table.Tr>
            </Table.Tfoot>
          </Table>
        </Table.ScrollContainer>
      </Card>
    </Page>
  );
}
