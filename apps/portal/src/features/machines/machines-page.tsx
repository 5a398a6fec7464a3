/** All machines of the company, as they are now. */
import { Anchor, EmptyState, Table, Text } from '@mantine/core';
import { IconDeviceDesktop } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { instant } from '../../lib/format.ts';
import { Asked } from '../../ui/asked.tsx';
import { ButtonLink, TextLink } from '../../ui/links.tsx';
import { Page } from '../../ui/page.tsx';
import { StateBadge } from '../../ui/state-badge.tsx';
import { launchesQuery } from './queries.ts';

export function MachinesPage() {
  const launches = useQuery(launchesQuery);
  return (
    <Page title="Machines" lead="What runs for your company, and what ran.">
      <Asked query={launches}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState
              py="xl"
              icon={<IconDeviceDesktop />}
              title="No machines yet"
              description="Subscribe to a product, then launch it in a region of your choice."
            >
              <EmptyState.Actions>
                <ButtonLink to="/">Browse the storefront</ButtonLink>
                <ButtonLink to="/subscriptions" variant="light">
                  My subscriptions
                </ButtonLink>
              </EmptyState.Actions>
            </EmptyState>
          ) : (
            <Table.ScrollContainer minWidth={720}>
              <Table highlightOnHover>
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>Product</Table.Th>
                    <Table.Th>State</Table.Th>
                    <Table.Th>Address</Table.Th>
                    <Table.Th>Where</Table.Th>
                    <Table.Th>Launched</Table.Th>
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {items.map((launch) => (
                    <Table.Tr key={launch.id}>
                      <Table.Td>
                        <TextLink to="/machines/$id" params={{ id: launch.id }} fw={600}>
                          {launch.product}
                        </TextLink>
                        <Text size="xs" c="dimmed">
                          version {launch.version}
                        </Text>
                      </Table.Td>
                      <Table.Td>
                        <StateBadge state={launch.state} />
                      </Table.Td>
                      <Table.Td>
                        {launch.url ? (
                          <Anchor href={launch.url} target="_blank" rel="noopener noreferrer" size="sm">
                            {launch.url}
                          </Anchor>
                        ) : (
                          '–'
                        )}
                      </Table.Td>
                      <Table.Td>
                        {launch.region}
                        <Text size="xs" c="dimmed">
                          {launch.instanceType}
                        </Text>
                      </Table.Td>
                      <Table.Td>{instant(launch.createdAt)}</Table.Td>
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            </Table.ScrollContainer>
          )
        }
      </Asked>
    </Page>
  );
}
