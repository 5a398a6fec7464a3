/** Invoices as rows, newest first: a buyer's own, or everybody's for the operator. */
import { Table, Text } from '@mantine/core';
import type { Schemas } from '../../lib/api.ts';
import { day, money, period } from '../../lib/format.ts';
import { TextLink } from '../../ui/links.tsx';
import { StateBadge } from '../../ui/state-badge.tsx';

interface Props {
  items: Schemas['InvoiceSummary'][];
  withBuyer?: boolean;
}

export function InvoiceTable({ items, withBuyer = false }: Props) {
  return (
    <Table.ScrollContainer minWidth={600}>
      <Table highlightOnHover>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Number</Table.Th>
            {withBuyer && <Table.Th>Buyer</Table.Th>}
            <Table.Th>Period</Table.Th>
            <Table.Th>State</Table.Th>
            <Table.Th ta="right">Total</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {items.map(({ id, number, buyer, state, currency, totalMinor, periodStart, periodEnd, dueAt, paidAt }) => (
            <Table.Tr key={id}>
              <Table.Td>
                <TextLink to="/invoices/$id" params={{ id }} fw={600}>
                  {number}
                </TextLink>
              </Table.Td>
              {withBuyer && <Table.Td>{buyer}</Table.Td>}
              <Table.Td>{period(periodStart, periodEnd)}</Table.Td>
              <Table.Td>
                <StateBadge state={state} />
                <Text size="xs" c="dimmed" mt={2}>
                  {paidAt ? day(paidAt) : `due ${day(dueAt)}`}
                </Text>
              </Table.Td>
              <Table.Td ta="right" style={{ whiteSpace: 'nowrap' }}>
                {money(totalMinor, currency)}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
