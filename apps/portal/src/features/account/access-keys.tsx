/** A vendor's access keys for the AWS metering wire, which its software signs with. */
import { Alert, Button, Stack, Table, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, ask } from '../../lib/api.ts';
import { day, instant } from '../../lib/format.ts';
import { Asked } from '../../ui/asked.tsx';
import { ConfirmButton } from '../../ui/confirm-button.tsx';
import { CopyLine } from '../../ui/copy-line.tsx';
import { ProblemAlert } from '../../ui/problem-alert.tsx';
import { Section } from '../../ui/section.tsx';
import { StateBadge } from '../../ui/state-badge.tsx';

export function AccessKeys() {
  const queryClient = useQueryClient();
  const keys = useQuery({ queryKey: ['vendor-keys'], queryFn: () => ask(api.GET('/v1/vendor-keys')) });
  const uses = useQuery({ queryKey: ['vendor-key-uses'], queryFn: () => ask(api.GET('/v1/vendor-key-uses')) });
  const lastUsed = (accessKeyId: string) => uses.data?.items.find((use) => use.accessKeyId === accessKeyId)?.lastUsedAt;
  const refresh = () => queryClient.invalidateQueries({ queryKey: ['vendor-keys'] });
  const creating = useMutation({ mutationFn: () => ask(api.POST('/v1/vendor-keys')), onSuccess: refresh });
  return (
    <Section
      title="Access keys for metering"
      hint="Your software signs usage with these, with any AWS SDK."
      aside={
        <Button variant="light" loading={creating.isPending} onClick={() => creating.mutate()}>
          Create access key
        </Button>
      }
    >
      <ProblemAlert error={creating.error} />
      {creating.data && (
        <Alert color="green" title="Your new access key">
          <Stack gap="xs">
            <Text size="sm">Keep the secret now: it is not shown again.</Text>
            <CopyLine label="Access key id" value={creating.data.accessKeyId} />
            <CopyLine label="Secret access key" value={creating.data.secretAccessKey} />
          </Stack>
        </Alert>
      )}
      <Asked query={keys} lines={2}>
        {({ items }) =>
          items.length === 0 ? (
            <Text size="sm" c="dimmed">
              No access keys yet. Software on a launched machine needs none; software elsewhere does.
            </Text>
          ) : (
            <Table.ScrollContainer minWidth={420}>
              <Table>
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>Access key id</Table.Th>
                    <Table.Th>Made</Table.Th>
                    <Table.Th>Last used</Table.Th>
                    <Table.Th>State</Table.Th>
                    <Table.Th />
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {items.map(({ accessKeyId, createdAt, revokedAt }) => (
                    <Table.Tr key={accessKeyId}>
                      <Table.Td>
                        <code>{accessKeyId}</code>
                      </Table.Td>
                      <Table.Td>{day(createdAt)}</Table.Td>
                      <Table.Td>{whenUsed(lastUsed(accessKeyId))}</Table.Td>
                      <Table.Td>
                        <StateBadge state={revokedAt ? 'revoked' : 'active'} />
                      </Table.Td>
                      <Table.Td ta="right">
                        {!revokedAt && (
                          <ConfirmButton
                            size="xs"
                            question="Revoke this access key?"
                            consequence="Usage signed with it is refused from now on."
                            confirm="Revoke key"
                            act={async () => {
                              await ask(api.DELETE('/v1/vendor-keys/{accessKeyId}', { params: { path: { accessKeyId } } }));
                              await refresh();
                            }}
                          >
                            Revoke
                          </ConfirmButton>
                        )}
                      </Table.Td>
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            </Table.ScrollContainer>
          )
        }
      </Asked>
    </Section>
  );
}

const whenUsed = (at: string | undefined): string => (at ? instant(at) : 'never');
