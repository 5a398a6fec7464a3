/** Sets prices and terms. The form has the shape of the API's, so a wrong field is named where it stands. */
import { ActionIcon, Button, Fieldset, Group, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useForm, type UseFormReturnType } from '@mantine/form';
import { IconTrash } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, ask, type Schemas } from '../../lib/api.ts';
import { asProblem, fieldErrors } from '../../lib/problem.ts';
import { ProblemAlert } from '../../ui/problem-alert.tsx';

interface Answers {
  currency: string;
  terms: string;
  prices: Schemas['Price'][];
}

const HOURLY: Schemas['Price'] = { model: 'hourly', dimension: 'hours', description: 'Running machine', unit: 'hour', rate: '' };
const METERED: Schemas['Price'] = { model: 'metered', dimension: '', description: '', unit: '', rate: '' };

interface Props {
  productId: string;
  standing: Schemas['Offer'] | null;
  done: () => void;
}

export function OfferForm({ productId, standing, done }: Props) {
  const queryClient = useQueryClient();
  const form = useForm<Answers>({
    initialValues: { currency: standing?.currency ?? 'usd', terms: standing?.terms ?? '', prices: standing?.prices ?? [HOURLY] },
  });
  const setting = useMutation({
    mutationFn: (body: Answers) =>
      ask(api.PUT('/v1/products/{id}/offer', { params: { path: { id: productId } }, body: body as Schemas['NewOffer'] })),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: ['products', productId] });
      done();
    },
    onError: (error) => form.setErrors(fieldErrors(asProblem(error))),
  });
  const hasHourly = form.values.prices.some(({ model }) => model === 'hourly');
  return (
    <form onSubmit={form.onSubmit((values) => setting.mutate(values))}>
      <Stack>
        <TextInput
          label="Currency"
          description="Three letters, such as usd or eur"
          w={220}
          required
          {...form.getInputProps('currency')}
        />
        {form.values.prices.map(({ model }, index) =>
          model === 'hourly' ? (
            <HourlyPrice key={index} form={form} index={index} />
          ) : (
            <MeteredPrice key={index} form={form} index={index} />
          ),
        )}
        {form.errors.prices && (
          <Text size="sm" c="red">
            {form.errors.prices}
          </Text>
        )}
        <Group>
          {!hasHourly && (
            <Button variant="default" size="xs" onClick={() => form.insertListItem('prices', HOURLY, 0)}>
              Charge by the hour
            </Button>
          )}
          <Button variant="default" size="xs" onClick={() => form.insertListItem('prices', METERED)}>
            Charge for something used
          </Button>
        </Group>
        <Textarea
          label="Terms"
          description="The licence that buyers read in full and accept"
          autosize
          minRows={5}
          maxRows={14}
          required
          {...form.getInputProps('terms')}
        />
        {Object.keys(form.errors).length === 0 && <ProblemAlert error={setting.error} title="The price was not set" />}
        <Group justify="flex-end">
          <Button type="submit" loading={setting.isPending}>
            Set price
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

interface RowProps {
  form: UseFormReturnType<Answers, Answers>;
  index: number;
}

function HourlyPrice({ form, index }: RowProps) {
  return (
    <Fieldset legend="By the hour a machine runs">
      <Group align="flex-start">
        <TextInput
          label="Price per hour"
          placeholder="0.25"
          inputMode="decimal"
          w={140}
          required
          {...form.getInputProps(`prices.${index}.rate`)}
        />
        <TextInput label="Called" flex={1} required {...form.getInputProps(`prices.${index}.description`)} />
        <Remove form={form} index={index} what="hourly price" />
      </Group>
    </Fieldset>
  );
}

function MeteredPrice({ form, index }: RowProps) {
  return (
    <Fieldset legend="For what your software reports">
      <Group align="flex-start">
        <TextInput
          label="Dimension"
          description="As your software names it"
          placeholder="users"
          flex={1}
          required
          {...form.getInputProps(`prices.${index}.dimension`)}
        />
        <TextInput
          label="Called"
          description="As buyers read it"
          placeholder="Active users"
          flex={1}
          required
          {...form.getInputProps(`prices.${index}.description`)}
        />
      </Group>
      <Group align="flex-start" mt="sm">
        <TextInput label="Unit" placeholder="user" flex={1} required {...form.getInputProps(`prices.${index}.unit`)} />
        <TextInput
          label="Price per unit"
          placeholder="1.50"
          inputMode="decimal"
          flex={1}
          required
          {...form.getInputProps(`prices.${index}.rate`)}
        />
        <Remove form={form} index={index} what="price" />
      </Group>
    </Fieldset>
  );
}

const Remove = ({ form, index, what }: RowProps & { what: string }) => (
  <ActionIcon
    variant="subtle"
    color="red"
    mt={28}
    aria-label={`Remove this ${what}`}
    onClick={() => form.removeListItem('prices', index)}
  >
    <IconTrash size={16} />
  </ActionIcon>
);
