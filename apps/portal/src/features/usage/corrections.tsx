/** Corrections of a subscription's usage: what was proposed and what became of it, with buttons for who may decide. */
import { Button, Group, Modal, Stack, Table, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, ask, type Schemas } from '../../lib/api.ts';
import { dayUtc, grouped } from '../../lib/format.ts';
import { useMe } from '../../lib/session.ts';
import { ProblemAlert } from '../../ui/problem-alert.tsx';
import { Section } from '../../ui/section.tsx';
import { StateBadge } from '../../ui/state-badge.tsx';
import { CorrectionForm } from './correction-form.tsx';

type Correction = Schemas['UsageCorrection'];

const correctionsQuery = (subscriptionId: string) =>
  queryOptions({
    queryKey: ['corrections', subscriptionId],
    queryFn: () => ask(api.GET('/v1/usage-corrections', { params: { query: { subscriptionId } } })),
    refetchInterval: 60_000,
  });

/** A buyer sees nothing as long as there is none; a vendor can propose one. */
export function Corrections({ subscriptionId }: { subscriptionId: string }) {
  const me = useMe();
  const items = useQuery(correctionsQuery(subscriptionId)).data?.items ?? [];
  const isVendor = me?.organization.kind === 'vendor';
  if (items.length === 0 && !isVendor) return null;
  return (
    <Section
      title="Corrections"
      hint="What was recorded stays; an approved correction is counted beside it. Who pays more or earns less has to agree."
      aside={isVendor && <Propose subscriptionId={subscriptionId} />}
    >
      {items.length > 0 && (
        <Table.ScrollContainer minWidth={560}>
          <Table>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Hour</Table.Th>
                <Table.Th>Dimension</Table.Th>
                <Table.Th ta="right">Change</Table.Th>
                <Table.Th>Reason</Table.Th>
                <Table.Th>State</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {items.map((correction) => (
                <Table.Tr key={correction.id}>
                  <Table.Td>{hourUtc(correction.hour)}</Table.Td>
                  <Table.Td>{correction.dimension}</Table.Td>
                  <Table.Td ta="right">{signed(correction.delta)}</Table.Td>
                  <Table.Td>
                    <Text size="sm">{correction.reason}</Text>
                    {correction.note && (
                      <Text size="xs" c="dimmed">
                        {correction.note}
                      </Text>
                    )}
                  </Table.Td>
                  <Table.Td>
                    {correction.state === 'proposed' && me ? (
                      <Decision correction={correction} me={me} />
                    ) : (
                      <StateBadge state={correction.state} />
                    )}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </Section>
  );
}

function Decision({ correction, me }: { correction: Correction; me: Schemas['Me'] }) {
  const queryClient = useQueryClient();
  const path = { id: correction.id };
  const decision = useMutation({
    mutationFn: (state: Correction['state']) =>
      state === 'withdrawn'
        ? ask(api.DELETE('/v1/usage-corrections/{id}', { params: { path } }))
        : ask(
            api.PUT('/v1/usage-corrections/{id}/decision', {
              params: { path },
              body: { decision: state === 'approved' ? 'approved' : 'refused', note: '' },
            }),
          ),
    onSuccess: () =>
      queryClient.invalidateQueries({ predicate: ({ queryKey: [key] }) => key === 'corrections' || key === 'usage' }),
  });
  const button = (state: Correction['state'], label: string) => (
    <Button size="compact-xs" variant="light" loading={decision.isPending} onClick={() => decision.mutate(state)}>
      {label}
    </Button>
  );
  return (
    <Stack gap={4}>
      <Group gap={4}>
        {decides(correction, me) && button('approved', 'Approve')}
        {decides(correction, me) && button('refused', 'Refuse')}
        {me.organization.kind === 'vendor' && button('withdrawn', 'Withdraw')}
        {me.organization.kind === 'buyer' && !decides(correction, me) && <StateBadge state={correction.state} />}
      </Group>
      <ProblemAlert error={decision.error} />
    </Stack>
  );
}

/** Only what is worth a button; metering decides. */
function decides({ delta, proposedBy }: Correction, { user, organization: { kind } }: Schemas['Me']): boolean {
  if (kind === 'operator') return true;
  return delta.startsWith('-') ? kind === 'vendor' && proposedBy !== null && proposedBy !== user?.id : kind === 'buyer';
}

function Propose({ subscriptionId }: { subscriptionId: string }) {
  const [isOpen, { open, close }] = useDisclosure(false);
  return (
    <>
      <Button variant="light" size="xs" onClick={open}>
        Propose a correction
      </Button>
      <Modal opened={isOpen} onClose={close} title="Propose a correction">
        <CorrectionForm subscriptionId={subscriptionId} done={close} />
      </Modal>
    </>
  );
}

const signed = (delta: string): string => (delta.startsWith('-') ? grouped(delta) : `+${grouped(delta)}`);

/** `Jan 5, 2026 14:00 UTC` */
const hourUtc = (hour: string): string => `${dayUtc(hour)} ${hour.slice(11, 16)} UTC`;
