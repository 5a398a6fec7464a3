/** The marketplace in numbers, and what is stuck. */
import { Alert, Card, Table, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { Schemas } from '../../lib/api.ts';
import { instant, money } from '../../lib/format.ts';
import { Amounts, type Amount } from '../../ui/amounts.tsx';
import { Asked } from '../../ui/asked.tsx';
import { Section } from '../../ui/section.tsx';
import { platformQuery } from './queries.ts';

type Summary = Schemas['Platform'];

export function Platform() {
  const platform = useQuery(platformQuery);
  return (
    <Asked query={platform}>
      {({ items, stuck }) => (
        <>
          {items.length === 0 && (
            <Card>
              <Text c="dimmed">
                Nothing has been invoiced yet. The first invoices go out when a month ends in which machines ran.
              </Text>
            </Card>
          )}
          {items.map((summary) => (
            <Amounts key={summary.currency} items={amountsOf(summary)} />
          ))}
          <Stuck items={stuck} />
        </>
      )}
    </Asked>
  );
}

const amountsOf = ({ currency, ...sums }: Summary['items'][number]): Amount[] => [
  {
    label: 'Volume',
    value: money(sums.volumeMinor, currency),
    hint: `on ${sums.invoices} ${sums.invoices === 1 ? 'invoice' : 'invoices'}`,
  },
  { label: 'Take', value: money(sums.takeMinor, currency), hint: `of it; Stripe kept ${money(sums.stripeFeesMinor, currency)}` },
  { label: 'Receivable', value: money(sums.receivableMinor, currency), hint: 'owed by buyers' },
  {
    label: 'Owed to vendors',
    value: money(sums.payableMinor, currency),
    hint: `now; ${money(sums.unsettledMinor, currency)} later`,
  },
  { label: 'On its way', value: money(sums.inTransitMinor, currency), hint: 'to vendors, not sent yet' },
];

function Stuck({ items }: { items: Summary['stuck'] }) {
  if (items.length === 0) {
    return (
      <Section title="Stuck work">
        <Text size="sm" c="dimmed">
          Nothing is stuck.
        </Text>
      </Section>
    );
  }
  return (
    <Section title="Stuck work" hint="Each is tried again by itself; what it waits for stands beside it.">
      <Alert
        color="orange"
        icon={<IconAlertTriangle />}
        title={items.length === 1 ? 'One step does not get on' : `${items.length} steps do not get on`}
      />
      <Table.ScrollContainer minWidth={640}>
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Step</Table.Th>
              <Table.Th>Since</Table.Th>
              <Table.Th>Tries</Table.Th>
              <Table.Th>Why</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {items.map(({ queue, rowId, attempts, lastError, since }) => (
              <Table.Tr key={`${queue} ${rowId}`}>
                <Table.Td>
                  {queue}
                  <Text size="xs" c="dimmed">
                    {rowId}
                  </Text>
                </Table.Td>
                <Table.Td>{instant(since)}</Table.Td>
                <Table.Td>{attempts}</Table.Td>
                <Table.Td>{lastError}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Section>
  );
}
