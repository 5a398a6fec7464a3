/** Sets prices and terms. The form has the shape of the API's, so a wrong field is named where it stands. */
import { ActionIcon, Button, Fieldset, Group, NumberInput, Select, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useForm, type UseFormReturnType } from '@mantine/form';
import { IconTrash } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, ask, type Schemas } from '../../lib/api.ts';
import { asProblem, fieldErrors } from '../../lib/problem.ts';
import { ProblemAlert } from '../../ui/problem-alert.tsx';
import { asEntitlement, asRow, EntitlementFields, NEW_ENTITLEMENT, type EntitlementRow } from './entitlement-fields.tsx';

interface Answers {
  currency: string;
  terms: string;
  prices: Schemas['Price'][];
  entitlements: EntitlementRow[];
}

const HOURLY: Schemas['Price'] = {
  model: 'hourly',
  dimension: '',
  description: 'Running machine',
  unit: 'hour',
  rate: '',
  increment: 'hour',
};
const INCREMENTS = [
  { value: 'hour', label: 'Each hour begun' },
  { value: 'second', label: 'Each second' },
];
const METERED: Schemas['Price'] = { model: 'metered', dimension: '', description: '', unit: '', rate: '' };

interface Props {
  productId: string;
  standing: Schemas['Offer'] | null;
  done: () => void;
}

export function OfferForm({ productId, standing, done }: Props) {
  const queryClient = useQueryClient();
  const form = useForm<Answers>({
    initialValues: {
      currency: standing?.currency ?? 'usd',
      terms: standing?.terms ?? '',
      prices: standing?.prices ?? [HOURLY],
      entitlements: standing?.entitlements.map(asRow) ?? [],
    },
  });
  const setting = useMutation({
    mutationFn: (body: Answers) =>
      ask(api.PUT('/v1/products/{id}/offer', { params: { path: { id: productId } }, body: asOffer(body) })),
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
          <Button variant="default" size="xs" onClick={() => form.insertListItem('entitlements', NEW_ENTITLEMENT)}>
            Entitle to something
          </Button>
        </Group>
        {form.values.entitlements.length > 0 && (
          <Fieldset legend="What subscribers are entitled to, as your software asks for it">
            <Stack gap="sm">
              {form.values.entitlements.map((row, index) => (
                <EntitlementFields
                  key={index}
                  row={row}
                  errorOf={(path) => form.errors[`entitlements.${index}${path}`] as string | undefined}
                  change={(changed) => form.setFieldValue(`entitlements.${index}`, changed)}
                  remove={() => form.removeListItem('entitlements', index)}
                />
              ))}
              {form.errors.entitlements && (
                <Text size="sm" c="red">
                  {form.errors.entitlements}
                </Text>
              )}
            </Stack>
          </Fieldset>
        )}
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

/** Whole hours have no minimum, also when one was typed before. */
const asOffer = ({ prices, entitlements, ...answers }: Answers): Schemas['NewOffer'] => ({
  ...answers,
  entitlements: entitlements.map(asEntitlement),
  prices: prices.map(({ minimumSeconds, ...price }) =>
    price.increment === 'second' && typeof minimumSeconds === 'number' ? { ...price, minimumSeconds } : price,
  ) as Schemas['NewOffer']['prices'],
});

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
      <Group align="flex-start" mt="sm">
        <Select
          label="Counted"
          data={INCREMENTS}
          allowDeselect={false}
          w={180}
          {...form.getInputProps(`prices.${index}.increment`)}
        />
        {form.values.prices[index]?.increment === 'second' && (
          <NumberInput
            label="At least, for each start"
            description="In seconds; 60 unless you say otherwise"
            placeholder="60"
            min={0}
            max={3600}
            allowDecimal={false}
            w={260}
            {...form.getInputProps(`prices.${index}.minimumSeconds`)}
          />
        )}
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
