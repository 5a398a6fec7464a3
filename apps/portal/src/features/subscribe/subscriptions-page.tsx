/** A buyer's agreements, running and ended. */
import { EmptyState, Group, Table, Text } from '@mantine/core';
import { IconReceipt } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { Schemas } from '../../lib/api.ts';
import { day } from '../../lib/format.ts';
import { Asked } from '../../ui/asked.tsx';
import { ButtonLink, TextLink } from '../../ui/links.tsx';
import { Page } from '../../ui/page.tsx';
import { StateBadge } from '../../ui/state-badge.tsx';
import { CancelSubscription } from './cancel-subscription.tsx';
import { subscriptionsQuery } from './queries.ts';

export function SubscriptionsPage() {
  const subscriptions = useQuery(subscriptionsQuery);
  return (
    <Page title="Subscriptions" lead="What your company has agreed to. Prices and terms stay as you accepted them.">
      <Asked query={subscriptions}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState
              py="xl"
              icon={<IconReceipt />}
              title="No subscriptions yet"
              description="Find a product on the storefront, read its terms, and subscribe."
            >
              <EmptyState.Actions>
                <ButtonLink to="/">Browse the storefront</ButtonLink>
              </EmptyState.Actions>
            </EmptyState>
          ) : (
            <Table.ScrollContainer minWidth={640}>
              <Table>
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>Product</Table.Th>
                    <Table.Th>Since</Table.Th>
                    <Table.Th>State</Table.Th>
                    <Table.Th />
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {items.map((subscription) => (
                    <Row key={subscription.id} subscription={subscription} />
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

function Row({ subscription }: { subscription: Schemas['Subscription'] }) {
  const { id, product, vendor, slug, startedAt, endedAt } = subscription;
  return (
    <Table.Tr>
      <Table.Td>
        <TextLink to="/subscriptions/$id" params={{ id }} fw={600}>
          {product}
        </TextLink>
        <Text size="xs" c="dimmed">
          by {vendor}
        </Text>
      </Table.Td>
      <Table.Td>{day(startedAt)}</Table.Td>
      <Table.Td>{endedAt ? <Text size="sm">ended {day(endedAt)}</Text> : <StateBadge state="active" />}</Table.Td>
      <Table.Td>
        {!endedAt && (
          <Group justify="flex-end" gap="xs" wrap="nowrap">
            {slug && (
              <ButtonLink to="/products/$slug" params={{ slug }} size="xs" variant="light">
                Launch
              </ButtonLink>
            )}
            <CancelSubscription id={id} product={product} size="xs" />
          </Group>
        )}
      </Table.Td>
    </Table.Tr>
  );
}
