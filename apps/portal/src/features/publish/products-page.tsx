/** A vendor's products, and the way to a new one. */
import { Button, EmptyState, Group, Modal, Stack, Table, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useDisclosure } from '@mantine/hooks';
import { IconPackage, IconPlus } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { api, ask } from '../../lib/api.ts';
import { day } from '../../lib/format.ts';
import { asProblem, fieldErrors } from '../../lib/problem.ts';
import { Asked } from '../../ui/asked.tsx';
import { TextLink } from '../../ui/links.tsx';
import { Page } from '../../ui/page.tsx';
import { ProblemAlert } from '../../ui/problem-alert.tsx';
import { StateBadge } from '../../ui/state-badge.tsx';
import { ImageNotices } from './image-notices.tsx';
import { productsQuery } from './queries.ts';

export function ProductsPage() {
  const products = useQuery(productsQuery);
  const [isOpen, { open, close }] = useDisclosure(false);
  const create = (
    <Button leftSection={<IconPlus size={16} />} onClick={open}>
      New product
    </Button>
  );
  return (
    <Page title="Products" lead="What your company sells, or is about to." actions={products.data?.items.length ? create : null}>
      <Modal opened={isOpen} onClose={close} title="New product" centered>
        <NewProduct />
      </Modal>
      <ImageNotices />
      <Asked query={products}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState
              py="xl"
              icon={<IconPackage />}
              title="No products yet"
              description="A product is a machine image with a price. Name it first; image and price come next."
            >
              <EmptyState.Actions>{create}</EmptyState.Actions>
            </EmptyState>
          ) : (
            <Table.ScrollContainer minWidth={520}>
              <Table highlightOnHover>
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>Name</Table.Th>
                    <Table.Th>State</Table.Th>
                    <Table.Th>Product code</Table.Th>
                    <Table.Th>Made</Table.Th>
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {items.map(({ id, name, state, productCode, createdAt }) => (
                    <Table.Tr key={id}>
                      <Table.Td>
                        <TextLink to="/vendor/products/$id" params={{ id }} fw={600}>
                          {name}
                        </TextLink>
                      </Table.Td>
                      <Table.Td>
                        <StateBadge state={state} />
                      </Table.Td>
                      <Table.Td>
                        <code>{productCode}</code>
                      </Table.Td>
                      <Table.Td>{day(createdAt)}</Table.Td>
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            </Table.ScrollContainer>
          )
        }
      </Asked>
    </Page>
  );
}

function NewProduct() {
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const form = useForm({ initialValues: { name: '' } });
  const creating = useMutation({
    mutationFn: (body: { name: string }) => ask(api.POST('/v1/products', { body })),
    onSuccess: async ({ id }) => {
      await queryClient.invalidateQueries({ queryKey: ['products'] });
      await navigate({ to: '/vendor/products/$id', params: { id } });
    },
    onError: (error) => form.setErrors(fieldErrors(asProblem(error))),
  });
  return (
    <form onSubmit={form.onSubmit((values) => creating.mutate(values))}>
      <Stack>
        <TextInput
          label="Name"
          description="As buyers will read it"
          placeholder="Acme Vault"
          data-autofocus
          required
          {...form.getInputProps('name')}
        />
        {form.isValid() && <ProblemAlert error={creating.error} />}
        <Group justify="flex-end">
          <Button type="submit" loading={creating.isPending}>
            Create product
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
