/** What an offer costs, line by line. */
import { Table, Text } from '@mantine/core';
import type { Schemas } from '../../lib/api.ts';
import { counting, monthly, price } from '../../lib/format.ts';

type Offer = Pick<Schemas['Offer'], 'currency' | 'prices'>;

export function PriceTable({ offer: { currency, prices } }: { offer: Offer }) {
  return (
    <Table>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>For</Table.Th>
          <Table.Th ta="right">Price</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {prices.map(({ dimension, description, unit, rate, model, increment, minimumSeconds }) => (
          <Table.Tr key={dimension}>
            <Table.Td>
              {description}
              <Text size="xs" c="dimmed">
                {model === 'hourly' && rate
                  ? `while a machine runs, ${counting({ increment, minimumSeconds })}; about ${monthly(rate, currency)} for a whole month`
                  : model === 'metered'
                    ? `as the software reports it (${dimension})`
                    : ''}
              </Text>
            </Table.Td>
            <Table.Td ta="right" style={{ whiteSpace: 'nowrap' }}>
              <strong>{rate ? price(rate, currency) : model.replaceAll('_', ' ')}</strong>
              <Text size="xs" c="dimmed">
                per {unit}
              </Text>
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
