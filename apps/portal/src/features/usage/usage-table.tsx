/** This month's usage, day by day, as metering has it. */
import { Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { dayUtc, grouped } from '../../lib/format.ts';
import { Asked } from '../../ui/asked.tsx';
import { usageQuery } from './queries.ts';

export function UsageTable({ subscriptionId }: { subscriptionId: string }) {
  const usage = useQuery(usageQuery(subscriptionId));
  return (
    <Asked query={usage}>
      {({ days }) =>
        days.length === 0 ? (
          <Text size="sm" c="dimmed">
            Nothing has been counted this month.
          </Text>
        ) : (
          <Table.ScrollContainer minWidth={380}>
            <Table>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>Day</Table.Th>
                  <Table.Th>Dimension</Table.Th>
                  <Table.Th ta="right">Quantity</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {days.map((item) => (
                  <Table.Tr key={`${item.day} ${item.dimension}`}>
                    <Table.Td>{dayUtc(item.day)}</Table.Td>
                    <Table.Td>{item.dimension}</Table.Td>
                    <Table.Td ta="right">{grouped(item.quantity)}</Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        )
      }
    </Asked>
  );
}
