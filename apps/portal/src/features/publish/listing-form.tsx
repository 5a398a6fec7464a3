/** The words with which a product is sold. */
import { Button, Card, Group, Select, SimpleGrid, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, ask, type Schemas } from '../../lib/api.ts';
import { asProblem, fieldErrors } from '../../lib/problem.ts';
import { Markdown } from '../../ui/markdown.tsx';
import { ProblemAlert } from '../../ui/problem-alert.tsx';
import { CATEGORIES } from '../browse/categories.ts';
import type { Version } from './queries.ts';

interface Props {
  product: Schemas['Product'];
  listing: Schemas['Listing'] | null;
  /** Those whose image is ready everywhere. */
  versions: Version[];
}

export function ListingForm({ product, listing, versions }: Props) {
  const queryClient = useQueryClient();
  const form = useForm<Schemas['NewListing']>({
    initialValues: {
      slug: listing?.slug ?? slugOf(product.name),
      summary: listing?.summary ?? '',
      description: listing?.description ?? '',
      category: (listing?.category ?? 'other') as Schemas['NewListing']['category'],
      versionId: listing?.version.id ?? versions[0]!.id,
    },
  });
  const publishing = useMutation({
    mutationFn: (body: Schemas['NewListing']) =>
      ask(api.PUT('/v1/products/{id}/listing', { params: { path: { id: product.id } }, body })),
    onSuccess: async () => {
      notifications.show({ color: 'green', title: 'Published', message: `${product.name} is on the storefront.` });
      await Promise.all(['products', 'listings', 'listing'].map((key) => queryClient.invalidateQueries({ queryKey: [key] })));
    },
    onError: (error) =>
      form.setErrors(asProblem(error).code === 'slug_taken' ? { slug: asProblem(error).detail } : fieldErrors(asProblem(error))),
  });
  return (
    <form onSubmit={form.onSubmit((values) => publishing.mutate(values))}>
      <Stack>
        <SimpleGrid cols={{ base: 1, sm: 3 }}>
          <TextInput label="Address" description="/products/…" required {...form.getInputProps('slug')} />
          <Select
            label="Category"
            description="The shelf it stands on"
            data={CATEGORIES}
            allowDeselect={false}
            {...form.getInputProps('category')}
          />
          <Select
            label="Version"
            description="What new machines run"
            data={versions.map(({ id, title }) => ({ value: id, label: title }))}
            allowDeselect={false}
            {...form.getInputProps('versionId')}
          />
        </SimpleGrid>
        <TextInput
          label="Summary"
          description="One sentence, at most 200 characters"
          maxLength={200}
          required
          {...form.getInputProps('summary')}
        />
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <Textarea
            label="Description"
            description="Markdown: headings, lists, links, code"
            autosize
            minRows={8}
            maxRows={20}
            required
            {...form.getInputProps('description')}
          />
          <div>
            <Text size="sm" fw={500}>
              As buyers read it
            </Text>
            <Card padding="sm" mt={6}>
              <Stack gap="sm">
                <Markdown text={form.values.description || 'Nothing yet.'} />
              </Stack>
            </Card>
          </div>
        </SimpleGrid>
        {Object.keys(form.errors).length === 0 && <ProblemAlert error={publishing.error} title="The listing was not published" />}
        <Group justify="flex-end">
          <Button type="submit" loading={publishing.isPending}>
            {listing ? 'Publish changes' : 'Publish'}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

const slugOf = (name: string): string =>
  name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
