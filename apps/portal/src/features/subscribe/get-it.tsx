/** From looking to having: read the terms and subscribe, then launch. What is shown depends on how far one has come. */
import { Alert, Text } from '@mantine/core';
import { IconInfoCircle } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { Schemas } from '../../lib/api.ts';
import { useMe } from '../../lib/session.ts';
import { Asked } from '../../ui/asked.tsx';
import { Section } from '../../ui/section.tsx';
import { LaunchForm } from '../machines/launch-form.tsx';
import { subscriptionsQuery } from './queries.ts';
import { SubscribeForm } from './subscribe-form.tsx';
import { Terms } from './terms.tsx';

export function GetIt({ listing }: { listing: Schemas['Listing'] }) {
  const me = useMe();
  if (me?.organization.kind === 'buyer') return <ForBuyer listing={listing} />;
  if (!me) return <SubscribeForm listing={listing} isVisitor />;
  return (
    <Section title="Terms">
      <Terms text={listing.offer.terms} />
      <Alert variant="light" icon={<IconInfoCircle />}>
        {me.organization.name} is a {me.organization.kind} account. Subscribing takes a buyer account.
      </Alert>
    </Section>
  );
}

function ForBuyer({ listing }: { listing: Schemas['Listing'] }) {
  const subscriptions = useQuery(subscriptionsQuery);
  return (
    <Asked query={subscriptions}>
      {({ items }) => {
        const running = items.find(({ productId, endedAt }) => productId === listing.productId && !endedAt);
        if (!running) return <SubscribeForm listing={listing} />;
        return (
          <Section title="Launch a machine" hint="You are subscribed. Choose where it runs and how large it is.">
            <LaunchForm subscriptionId={running.id} version={listing.version} />
            <Text size="xs" c="dimmed">
              The vendor's price and terms are the ones you accepted. Each machine is charged while it runs.
            </Text>
          </Section>
        );
      }}
    </Asked>
  );
}
