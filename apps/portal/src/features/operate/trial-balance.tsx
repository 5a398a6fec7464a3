/** The book's accounts and their sum, which is zero in every currency or something is badly wrong. */
import { Alert, Table, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { Schemas } from '../../lib/api.ts';
import { money } from '../../lib/format.ts';
import { Asked } from '../../ui/asked.tsx';
import { Section } from '../../ui/section.tsx';
import { trialBalanceQuery } from './queries.ts';

export function TrialBalance() {
  const balance = useQuery(trialBalanceQuery);
  return (
    <Section title="Trial balance" hint="Debits less credits, account by account.">
      <Asked query={balance}>
        {(book) =>
          book.items.length === 0 ? (
            <Text size="sm" c="dimmed">
              The book is empty. It begins with the first invoice.
            </Text>
          ) : (
            <Book book={book} />
          )
        }
      </Asked>
    </Section>
  );
}

function Book({ book: { items, totals } }: { book: Schemas['TrialBalance'] }) {
  return (
    <>
      {totals.some(({ totalMinor }) => BigInt(totalMinor) !== 0n) && (
        <Alert color="red" icon={<IconAlertTriangle />} title="The book does not balance" role="alert">
          Stop payouts and find out why before anything else.
        </Alert>
      )}
      <Table.ScrollContainer minWidth={420}>
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Account</Table.Th>
              <Table.Th ta="right">Balance</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {items.map(({ account, currency, balanceMinor }) => (
              <Table.Tr key={`${account} ${currency}`}>
                <Table.Td>{account}</Table.Td>
                <Table.Td ta="right">{money(balanceMinor, currency)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
          <Table.Tfoot>
            {totals.map(({ currency, totalMinor }) => (
              <Table.Tr key={currency}>
                <Table.Th>Sum</Table.Th>
                <Table.Th ta="right">{money(totalMinor, currency)}</Table.Th>
              </Table.Tr>
            ))}
          </Table.Tfoot>
        </Table>
      </Table.ScrollContainer>
    </>
  );
}
