/** Who has subscribed to the vendor's products, with the names under which its software meets them. */
import { Code, EmptyState, Table, Text } from '@mantine/core';
import { IconUsers } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { day } from '../../lib/format.ts';
import { Asked } from '../../ui/asked.tsx';
import { ButtonLink, TextLink } from '../../ui/links.tsx';
import { Page } from '../../ui/page.tsx';
import { StateBadge } from '../../ui/state-badge.tsx';
import { subscriptionsQuery } from '../subscribe/queries.ts';
import { SilentMachines } from '../usage/silences.tsx';
import { instancesQuery, isAlive } from './queries.ts';

export function CustomersPage() {
  const subscriptions = useQuery(subscriptionsQuery);
  const machines = useQuery(instancesQuery).data?.items;
  return (
    <Page title="Customers" lead="Who has subscribed to your products, and the names your software knows them by.">
      <Asked query={subscriptions}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState
              py="xl"
              icon={<IconUsers />}
              title="No customers yet"
              description="Companies appear here when they subscribe to a product of yours that is on the storefront."
            >
              <EmptyState.Actions>
                <ButtonLink to="/vendor/products">To your products</ButtonLink>
              </EmptyState.Actions>
            </EmptyState>
          ) : (
            <>
              <SilentMachines customers={items} />
              <Table.ScrollContainer minWidth={760}>
                <Table>
                  <Table.Thead>
                    <Table.Tr>
                      <Table.Th>Customer</Table.Th>
                      <Table.Th>Product</Table.Th>
                      <Table.Th>Since</Table.Th>
                      <Table.Th>State</Table.Th>
                      <Table.Th ta="right">Machines</Table.Th>
                      <Table.Th>Customer identifier</Table.Th>
                    </Table.Tr>
                  </Table.Thead>
                  <Table.Tbody>
                    {items.map(({ id, buyer, product, startedAt, endedAt, customerIdentifier }) => (
                      <Table.Tr key={id}>
                        <Table.Td>
                          <TextLink to="/vendor/customers/$id" params={{ id }} fw={600}>
                            {buyer}
                          </TextLink>
                        </Table.Td>
                        <Table.Td>{product}</Table.Td>
                        <Table.Td>{day(startedAt)}</Table.Td>
                        <Table.Td>
                          {endedAt ? <Text size="sm">ended {day(endedAt)}</Text> : <StateBadge state="active" />}
                        </Table.Td>
                        <Table.Td ta="right">
                          {machines
                            ? machines.filter((machine) => machine.subscriptionId === id && isAlive(machine)).length
                            : '–'}
                        </Table.Td>
                        <Table.Td>
                          <Code>{customerIdentifier}</Code>
                        </Table.Td>
                      </Table.Tr>
                    ))}
                  </Table.Tbody>
                </Table>
              </Table.ScrollContainer>
            </>
          )
        }
      </Asked>
    </Page>
  );
}
