/** API keys of the company: a program that shows one acts as the company. */
import { Alert, Button, Group, Stack, Table, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { day } from '../../lib/format.ts';
import { apiKeys, createApiKey, deleteApiKey } from '../../lib/session.ts';
import { Asked } from '../../ui/asked.tsx';
import { ConfirmButton } from '../../ui/confirm-button.tsx';
import { CopyLine } from '../../ui/copy-line.tsx';
import { ProblemAlert } from '../../ui/problem-alert.tsx';
import { Section } from '../../ui/section.tsx';

export function ApiKeys({ organizationId }: { organizationId: string }) {
  const queryClient = useQueryClient();
  const keys = useQuery({ queryKey: ['api-keys', organizationId], queryFn: () => apiKeys(organizationId) });
  const refresh = () => queryClient.invalidateQueries({ queryKey: ['api-keys'] });
  const form = useForm({
    initialValues: { name: '' },
    validate: { name: (value) => (value.trim() ? null : 'Name what will use it') },
  });
  const creating = useMutation({
    mutationFn: ({ name }: { name: string }) => createApiKey(organizationId, name),
    onSuccess: () => {
      form.reset();
      return refresh();
    },
  });
  return (
    <Section title="API keys" hint="Everything the portal does, the API does too. Send a key as “Authorization: Bearer …”.">
      {creating.data && (
        <Alert color="green" title="Your new key">
          <Text size="sm" mb="xs">
            Keep it now: it is not shown again.
          </Text>
          <CopyLine label="API key" value={creating.data} />
        </Alert>
      )}
      <Asked query={keys} lines={2}>
        {(items) =>
          items.length === 0 ? (
            <Text size="sm" c="dimmed">
              No keys yet.
            </Text>
          ) : (
            <Table.ScrollContainer minWidth={420}>
              <Table>
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>Name</Table.Th>
                    <Table.Th>Begins with</Table.Th>
                    <Table.Th>Made</Table.Th>
                    <Table.Th />
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {items.map((key) => (
                    <Table.Tr key={key.id}>
                      <Table.Td>{key.name}</Table.Td>
                      <Table.Td>
                        <code>{key.start}…</code>
                      </Table.Td>
                      <Table.Td>{day(key.createdAt)}</Table.Td>
                      <Table.Td ta="right">
                        <ConfirmButton
                          size="xs"
                          question={`Delete the key “${key.name}”?`}
                          consequence="Programs that use it are refused from now on."
                          confirm="Delete key"
                          act={async () => {
                            await deleteApiKey(key.id);
                            await refresh();
                          }}
                        >
                          Delete
                        </ConfirmButton>
                      </Table.Td>
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            </Table.ScrollContainer>
          )
        }
      </Asked>
      <form onSubmit={form.onSubmit((values) => creating.mutate(values))}>
        <Stack>
          <ProblemAlert error={creating.error} />
          <Group align="flex-end">
            <TextInput label="Name of the key" placeholder="nightly report" {...form.getInputProps('name')} />
            <Button type="submit" variant="light" loading={creating.isPending}>
              Create API key
            </Button>
          </Group>
        </Stack>
      </form>
    </Section>
  );
}
