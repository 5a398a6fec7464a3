/** Hands in an image: which, where it is sold, on what, and how one sees that it is well. */
import { Autocomplete, Button, Group, Stack, TagsInput, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, ask, type Schemas } from '../../lib/api.ts';
import { asProblem, fieldErrors } from '../../lib/problem.ts';
import { ProblemAlert } from '../../ui/problem-alert.tsx';
import { INSTANCE_TYPES, REGIONS } from './suggestions.ts';

/** What is not asked for here has a default. */
type Answers = Pick<
  Required<Schemas['NewVersion']>,
  'title' | 'notes' | 'imageId' | 'imageRegion' | 'regions' | 'instanceTypes' | 'urlTemplate' | 'healthPath'
>;

interface Props {
  productId: string;
  /** What was submitted last; most of it is the same again. */
  previous: Schemas['Version'] | undefined;
  done: () => void;
}

export function VersionForm({ productId, previous, done }: Props) {
  const queryClient = useQueryClient();
  const form = useForm<Answers>({
    initialValues: {
      title: '',
      notes: '',
      imageId: '',
      imageRegion: previous?.imageRegion ?? 'us-east-1',
      regions: previous?.images.map(({ region }) => region) ?? ['us-east-1'],
      instanceTypes: previous?.instanceTypes ?? ['t3.micro'],
      urlTemplate: previous?.urlTemplate ?? 'http://{address}/',
      healthPath: previous?.healthPath ?? '/health',
    },
  });
  const submitting = useMutation({
    mutationFn: (body: Answers) =>
      ask(api.POST('/v1/products/{id}/versions', { params: { path: { id: productId } }, body: body as Schemas['NewVersion'] })),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: ['products', productId] });
      done();
    },
    onError: (error) => form.setErrors(fieldErrors(asProblem(error))),
  });
  return (
    <form onSubmit={form.onSubmit((values) => submitting.mutate(values))}>
      <Stack>
        <TextInput
          label="Version"
          description="Unique within the product"
          placeholder="1.0.0"
          data-autofocus
          required
          {...form.getInputProps('title')}
        />
        <Textarea label="Release notes" autosize minRows={2} {...form.getInputProps('notes')} />
        <Group grow align="flex-start">
          <TextInput
            label="Image"
            description="Your AMI"
            placeholder="ami-0123456789abcdef0"
            required
            {...form.getInputProps('imageId')}
          />
          <Autocomplete
            label="Region of the image"
            description="Where it is now"
            data={REGIONS}
            required
            {...form.getInputProps('imageRegion')}
          />
        </Group>
        <TagsInput
          label="Sold in"
          description="Regions; the image is copied to each"
          data={REGIONS}
          {...form.getInputProps('regions')}
          error={listError(form.errors, 'regions')}
        />
        <TagsInput
          label="Instance types"
          description="What it runs well on; the first is suggested"
          data={INSTANCE_TYPES}
          {...form.getInputProps('instanceTypes')}
          error={listError(form.errors, 'instanceTypes')}
        />
        <TextInput
          label="Address of the appliance"
          description="{address} becomes the public address of the buyer's machine"
          placeholder="https://{address}:8443/"
          required
          {...form.getInputProps('urlTemplate')}
        />
        <TextInput
          label="Health check"
          description="A path that answers 200 to 299 when the appliance is well"
          required
          {...form.getInputProps('healthPath')}
        />
        {Object.keys(form.errors).length === 0 && <ProblemAlert error={submitting.error} title="The version was not submitted" />}
        <Group justify="flex-end">
          <Button type="submit" loading={submitting.isPending}>
            Submit version
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** The API names the wrong one of a list (`regions.1`); the field shows it for the whole list. */
const listError = (errors: Record<string, unknown>, name: string): string | undefined =>
  Object.entries(errors)
    .filter(([path]) => path === name || path.startsWith(`${name}.`))
    .map(([, message]) => String(message))[0];
