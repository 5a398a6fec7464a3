/** Machines that should report usage and say nothing: a badge for one, a list for a vendor. Shows nothing while all is well. */
import { Badge, Code, Table, Text } from '@mantine/core';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { api, ask } from '../../lib/api.ts';
import { instant } from '../../lib/format.ts';
import { TextLink } from '../../ui/links.tsx';
import { Section } from '../../ui/section.tsx';

/** Machines that run and report nothing now: of one subscription or machine, or all that concern the company. */
const silencesQuery = (which: { subscriptionId?: string; instanceId?: string }) =>
  queryOptions({
    queryKey: ['silences', which],
    queryFn: () => ask(api.GET('/v1/silences', { params: { query: { ...which, state: 'open' } } })),
    refetchInterval: 60_000,
  });

/** On the page of one machine. */
export function SilentBadge({ instanceId }: { instanceId: string }) {
  const [silence] = useQuery(silencesQuery({ instanceId })).data?.items ?? [];
  if (!silence) return null;
  return (
    <Badge variant="light" color="orange" tt="none">
      silent since {instant(silence.since)}; not counted as zero
    </Badge>
  );
}

interface Customer {
  id: string;
  buyer: string;
}

/** For a vendor: of one customer, or of all of them. */
export function SilentMachines({ customers, subscriptionId }: { customers: Customer[]; subscriptionId?: string }) {
  const silences = useQuery(silencesQuery(subscriptionId === undefined ? {} : { subscriptionId })).data?.items ?? [];
  if (silences.length === 0) return null;
  return (
    <Section
      title="Silent machines"
      hint="They run and report no usage, not even zero. What they used meanwhile is missing; it was not counted as zero."
    >
      <Table.ScrollContainer minWidth={420}>
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Customer</Table.Th>
              <Table.Th>Machine</Table.Th>
              <Table.Th>Silent since</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {silences.map((silence) => (
              <Table.Tr key={silence.instanceId}>
                <Table.Td>
                  <TextLink to="/vendor/customers/$id" params={{ id: silence.subscriptionId }} size="sm">
                    {customers.find(({ id }) => id === silence.subscriptionId)?.buyer ?? 'Customer'}
                  </TextLink>
                </Table.Td>
                <Table.Td>
                  <Code>{silence.ec2InstanceId ?? silence.instanceId}</Code>
                </Table.Td>
                <Table.Td>
                  <Text size="sm">{instant(silence.since)}</Text>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Section>
  );
}
