/** What a vendor has earned, where the money is, and where it is paid to. */
import { Card, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { Schemas } from '../../lib/api.ts';
import { day, money } from '../../lib/format.ts';
import { Amounts, type Amount } from '../../ui/amounts.tsx';
import { Asked } from '../../ui/asked.tsx';
import { Page } from '../../ui/page.tsx';
import { Section } from '../../ui/section.tsx';
import { StateBadge } from '../../ui/state-badge.tsx';
import { EarnedLines } from './earned-lines.tsx';
import { PayoutAccount } from './payout-account.tsx';
import { earningsQuery, payoutsQuery } from './queries.ts';

export function EarningsPage() {
  const earnings = useQuery(earningsQuery);
  const payouts = useQuery(payoutsQuery);
  return (
    <Page title="Earnings" lead="Your part of what customers are invoiced, after the marketplace's fee.">
      <Asked query={earnings} lines={3}>
        {({ items }) =>
          items.length === 0 ? (
            <Card>
              <Text c="dimmed">Nothing earned yet. Earnings appear with the first invoice of a customer.</Text>
            </Card>
          ) : (
            items.map((earned) => <Amounts key={earned.currency} items={amountsOf(earned)} />)
          )
        }
      </Asked>
      <PayoutAccount />
      {earnings.data && earnings.data.lines.length > 0 && <EarnedLines lines={earnings.data.lines} />}
      <Section title="Payouts" hint="What is payable is sent to your bank by itself.">
        <Asked query={payouts} lines={2}>
          {({ items }) =>
            items.length === 0 ? (
              <Text size="sm" c="dimmed">
                No payouts yet. The first one comes after a customer has paid.
              </Text>
            ) : (
              <Payouts items={items} />
            )
          }
        </Asked>
      </Section>
    </Page>
  );
}

/** @param earned in one currency; currencies are never added up. */
const amountsOf = ({ currency, ...earned }: Schemas['Earnings']['items'][number]): Amount[] => [
  { label: 'Earned', value: money(earned.earnedMinor, currency), hint: 'invoiced, all time' },
  { label: 'Unsettled', value: money(earned.unsettledMinor, currency), hint: 'not paid by customers yet' },
  { label: 'Payable', value: money(earned.payableMinor, currency), hint: 'goes out next' },
  { label: 'On its way', value: money(earned.inTransitMinor, currency), hint: 'not at your bank yet' },
  { label: 'Paid out', value: money(earned.paidOutMinor, currency), hint: 'at your bank' },
];

const Payouts = ({ items }: { items: Schemas['Payout'][] }) => (
  <Table.ScrollContainer minWidth={480}>
    <Table>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Made</Table.Th>
          <Table.Th>State</Table.Th>
          <Table.Th>At the bank</Table.Th>
          <Table.Th ta="right">Amount</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {items.map(({ id, createdAt, state, failure, paidAt, amountMinor, sentMinor, currency }) => (
          <Table.Tr key={id}>
            <Table.Td>{day(createdAt)}</Table.Td>
            <Table.Td>
              <StateBadge state={state} />
              {failure && (
                <Text size="xs" c="red">
                  {failure}
                </Text>
              )}
            </Table.Td>
            <Table.Td>{paidAt ? day(paidAt) : '–'}</Table.Td>
            <Table.Td ta="right">
              {money(amountMinor, currency)}
              {sentMinor !== null && sentMinor !== amountMinor && (
                <Text size="xs" c="dimmed">
                  {money(sentMinor, currency)} of it sent; the rest is payable again
                </Text>
              )}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  </Table.ScrollContainer>
);
