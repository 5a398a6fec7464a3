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
      {({ currencies, stuck }) => (
        <>
          {currencies.length === 0 && (
            <Card>
              <Text c="dimmed">
                Nothing has been invoiced yet. The first invoices go out when a month ends in which machines ran.
              </Text>
            </Card>
          )}
          {currencies.map((summary) => (
            <Amounts key={summary.currency} items={amountsOf(summary)} />
          ))}
          <Stuck items={stuck} />
        </>
      )}
    </Asked>
  );
}

const amountsOf = ({ currency, volumeMinor, takeMinor, receivableMinor, invoices }: Summary['currencies'][number]): Amount[] => [
  { label: 'Volume', value: money(volumeMinor, currency), hint: 'invoiced over all vendors' },
  { label: 'Take', value: money(takeMinor, currency), hint: "the marketplace's fees" },
  { label: 'Receivable', value: money(receivableMinor, currency), hint: 'invoiced, not paid yet' },
  { label: 'Invoices', value: String(invoices), hint: `in ${currency.toUpperCase()}` },
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
