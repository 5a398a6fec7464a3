/** Where each amount comes from: the invoice line, the marketplace's fee, the vendor's part. */
import { Table, Text } from '@mantine/core';
import type { Schemas } from '../../lib/api.ts';
import { day, money } from '../../lib/format.ts';
import { Section } from '../../ui/section.tsx';

export function EarnedLines({ lines }: { lines: Schemas['Earnings']['lines'] }) {
  return (
    <Section
      title="Line by line"
      hint="What a customer was invoiced, less the fee, is yours. It is payable when the customer has paid."
    >
      <Table.ScrollContainer minWidth={680}>
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Invoice</Table.Th>
              <Table.Th>For</Table.Th>
              <Table.Th ta="right">Invoiced</Table.Th>
              <Table.Th ta="right">Fee</Table.Th>
              <Table.Th ta="right">Yours</Table.Th>
              <Table.Th>Payable since</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {lines.map((line) => (
              <Table.Tr key={line.id}>
                <Table.Td>
                  {line.invoice}
                  <Text size="xs" c="dimmed">
                    {day(line.finalisedAt)}
                  </Text>
                </Table.Td>
                <Table.Td>
                  {line.product}: {line.description}
                </Table.Td>
                <Table.Td ta="right">{money(line.amountMinor, line.currency)}</Table.Td>
                <Table.Td ta="right">{money(line.feeMinor, line.currency)}</Table.Td>
                <Table.Td ta="right">{money(line.vendorMinor, line.currency)}</Table.Td>
                <Table.Td>{line.releasedAt ? day(line.releasedAt) : 'not yet'}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Section>
  );
}
