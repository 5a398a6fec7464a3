/** A month's usage, day by day, as metering has it, with how far its money has come. */
import { Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { dayUtc, grouped } from '../../lib/format.ts';
import { Asked } from '../../ui/asked.tsx';
import { StateBadge } from '../../ui/state-badge.tsx';
import { usageQuery, type Month } from './queries.ts';

export function UsageTable({ subscriptionId, month = 'this month' }: { subscriptionId: string; month?: Month }) {
  const usage = useQuery(usageQuery(subscriptionId, month));
  return (
    <Asked query={usage}>
      {({ days }) =>
        days.length === 0 ? (
          <Text size="sm" c="dimmed">
            Nothing has been counted {month}.
          </Text>
        ) : (
          <Table.ScrollContainer minWidth={460}>
            <Table>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>Day</Table.Th>
                  <Table.Th>Dimension</Table.Th>
                  <Table.Th ta="right">Quantity</Table.Th>
                  <Table.Th>Money</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {days.map((item) => (
                  <Table.Tr key={`${item.day} ${item.dimension}`}>
                    <Table.Td>{dayUtc(item.day)}</Table.Td>
                    <Table.Td>{item.dimension}</Table.Td>
                    <Table.Td ta="right">{grouped(item.quantity)}</Table.Td>
                    <Table.Td>
                      <StateBadge state={item.moneyState} />
                    </Table.Td>
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
