/** What a subscription entitles to, line by line; nothing where an offer entitles to nothing in particular. */
import { Table, Text } from '@mantine/core';
import type { Schemas } from '../../lib/api.ts';
import { grouped } from '../../lib/format.ts';

export function Included({ entitlements }: { entitlements: Schemas['Entitlement'][] }) {
  if (entitlements.length === 0) return null;
  return (
    <>
      <Text size="sm" fw={600}>
        Included
      </Text>
      <Table aria-label="Included">
        <Table.Tbody>
          {entitlements.map((entitlement) => (
            <Table.Tr key={entitlement.dimension}>
              <Table.Td>{entitlement.dimension}</Table.Td>
              <Table.Td ta="right">{valueOf(entitlement)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </>
  );
}

function valueOf({ integerValue, doubleValue, booleanValue, stringValue }: Schemas['Entitlement']): string {
  if (stringValue !== undefined) return stringValue;
  if (booleanValue !== undefined) return booleanValue ? 'yes' : 'no';
  return grouped(String(integerValue ?? doubleValue));
}
