/** One subscription of a buyer: what was agreed, and what was used of it. */
import { DataList, Group } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Schemas } from '../../lib/api.ts';
import { instant } from '../../lib/format.ts';
import { Asked } from '../../ui/asked.tsx';
import { ButtonLink, TextLink } from '../../ui/links.tsx';
import { Page } from '../../ui/page.tsx';
import { Section } from '../../ui/section.tsx';
import { CancelSubscription } from '../subscribe/cancel-subscription.tsx';
import { subscriptionQuery } from '../subscribe/queries.ts';
import { Corrections } from './corrections.tsx';
import { UsageTable } from './usage-table.tsx';

export function SubscriptionPage() {
  const { id } = useParams({ from: '/buyer/subscriptions/$id' });
  const subscription = useQuery(subscriptionQuery(id));
  return <Asked query={subscription}>{(found) => <Subscription subscription={found} />}</Asked>;
}

function Subscription({ subscription }: { subscription: Schemas['Subscription'] }) {
  const { id, product, vendor, slug, startedAt, endedAt, currency, customerIdentifier, licenseArn, termsSha256 } = subscription;
  return (
    <Page
      title={product}
      above={
        <TextLink to="/subscriptions" size="sm">
          Subscriptions
        </TextLink>
      }
      lead={`Subscribed with ${vendor}`}
      actions={
        !endedAt && (
          <Group gap="xs">
            {slug && (
              <ButtonLink to="/products/$slug" params={{ slug }} variant="light">
                Launch a machine
              </ButtonLink>
            )}
            <CancelSubscription id={id} product={product} />
          </Group>
        )
      }
    >
      <Section
        title="Used this month"
        hint="Days and hours are in UTC. What machines ran is counted here; the rest is what the software reported."
      >
        <UsageTable subscriptionId={id} />
      </Section>
      <Section title="Used last month" hint="And how far the money for it has come: invoiced, collected, paid to the vendor.">
        <UsageTable subscriptionId={id} month="last month" />
      </Section>
      <Corrections subscriptionId={id} />
      <Section title="Agreement">
        <DataList labelWidth={180}>
          <Fact label="Since">{instant(startedAt)}</Fact>
          {endedAt && <Fact label="Ended">{instant(endedAt)}</Fact>}
          <Fact label="Currency">{currency.toUpperCase()}</Fact>
          <Fact label="Customer identifier">
            <code>{customerIdentifier}</code>
          </Fact>
          <Fact label="Licence">
            <code style={{ overflowWrap: 'anywhere' }}>{licenseArn}</code>
          </Fact>
          <Fact label="Accepted terms, SHA-256">
            <code style={{ overflowWrap: 'anywhere' }}>{termsSha256}</code>
          </Fact>
        </DataList>
      </Section>
    </Page>
  );
}

const Fact = ({ label, children }: { label: string; children: ReactNode }) => (
  <DataList.Item>
    <DataList.ItemLabel>{label}</DataList.ItemLabel>
    <DataList.ItemValue>{children}</DataList.ItemValue>
  </DataList.Item>
);
