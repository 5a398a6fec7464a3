/** One customer's subscription, as its vendor sees it. */
import { Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { day } from '../../lib/format.ts';
import { Asked } from '../../ui/asked.tsx';
import { CopyLine } from '../../ui/copy-line.tsx';
import { TextLink } from '../../ui/links.tsx';
import { Page } from '../../ui/page.tsx';
import { Section } from '../../ui/section.tsx';
import { subscriptionQuery } from '../subscribe/queries.ts';
import { Corrections } from '../usage/corrections.tsx';
import { SilentMachines } from '../usage/silences.tsx';
import { UsageTable } from '../usage/usage-table.tsx';

export function CustomerPage() {
  const { id } = useParams({ from: '/vendor/vendor/customers/$id' });
  const subscription = useQuery(subscriptionQuery(id));
  return (
    <Asked query={subscription}>
      {({ buyer, product, startedAt, endedAt, customerIdentifier, licenseArn }) => (
        <Page
          title={buyer}
          above={
            <TextLink to="/vendor/customers" size="sm">
              Customers
            </TextLink>
          }
          lead={`${product}, since ${day(startedAt)}${endedAt ? `, ended ${day(endedAt)}` : ''}`}
        >
          <SilentMachines customers={[{ id, buyer }]} subscriptionId={id} />
          <Section title="Used this month" hint="As it was accepted, by day in UTC.">
            <UsageTable subscriptionId={id} />
          </Section>
          <Section title="Used last month" hint="And how far the money for it has come, up to what was paid out to you.">
            <UsageTable subscriptionId={id} month="last month" />
          </Section>
          <Corrections subscriptionId={id} />
          <Section title="For your software" hint="Either names this customer on the metering wire.">
            <Stack gap="sm">
              <CopyLine label="Customer identifier" value={customerIdentifier} />
              <CopyLine label="License ARN" value={licenseArn} />
            </Stack>
          </Section>
        </Page>
      )}
    </Asked>
  );
}
