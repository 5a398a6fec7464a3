/** Images that are sold and fail a control now, or machines that run something else than what was tested. Shows nothing while all is well. */
import { Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { instant } from '../../lib/format.ts';
import { Section } from '../../ui/section.tsx';
import { imageNoticesQuery } from './queries.ts';

export function ImageNotices() {
  const notices = useQuery(imageNoticesQuery).data?.items ?? [];
  if (notices.length === 0) return null;
  return (
    <Section
      title="Images to look at"
      hint="They passed every check when they were published. They stay on sale and keep running; a new version mends them."
    >
      <Table.ScrollContainer minWidth={420}>
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Product</Table.Th>
              <Table.Th>Region</Table.Th>
              <Table.Th>What was found</Table.Th>
              <Table.Th>Since</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {notices.map(({ id, product, version, region, reason, createdAt }) => (
              <Table.Tr key={id}>
                <Table.Td>
                  {product} {version}
                </Table.Td>
                <Table.Td>{region}</Table.Td>
                <Table.Td>
                  <Text size="sm" c="red">
                    {reason}
                  </Text>
                </Table.Td>
                <Table.Td>
                  <Text size="sm">{instant(createdAt)}</Text>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Section>
  );
}
