/**
 * What invoices are charged to. Card fields would be Stripe's own, which take a publishable key that a marketplace without
 * Stripe does not have; so this asks for the id of a payment method, and says so.
 */
import { Alert, Button, Group, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { notifications } from '@mantine/notifications';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, ask } from '../../lib/api.ts';
import { asProblem, fieldErrors } from '../../lib/problem.ts';
import { Asked } from '../../ui/asked.tsx';
import { ProblemAlert } from '../../ui/problem-alert.tsx';
import { Section } from '../../ui/section.tsx';
import { paymentMethodQuery } from './queries.ts';

const TEST_CARD = 'pm_card_visa';

export function PaymentMethod() {
  const queryClient = useQueryClient();
  const current = useQuery(paymentMethodQuery);
  const form = useForm({ initialValues: { paymentMethodId: TEST_CARD } });
  const saving = useMutation({
    mutationFn: (body: { paymentMethodId: string }) => ask(api.PUT('/v1/payment-method', { body })),
    onSuccess: async () => {
      notifications.show({ color: 'green', title: 'Saved', message: 'Invoices are charged to this card from now on.' });
      await queryClient.invalidateQueries({ queryKey: ['payment-method'] });
    },
    onError: (error) => form.setErrors(fieldErrors(asProblem(error))),
  });
  return (
    <Section title="Payment method" hint="Invoices are charged to it on the day they are sent.">
      <Asked query={current} lines={1}>
        {({ cardLabel, standing }) => (
          <>
            {standing !== 'good' && <PaymentDue standing={standing} />}
            <Text size="sm">{cardLabel ? `Charged to ${cardLabel}.` : 'No card yet. Invoices cannot be paid without one.'}</Text>
          </>
        )}
      </Asked>
      {Object.keys(form.errors).length === 0 && <ProblemAlert error={saving.error} title="The payment method was not saved" />}
      <form onSubmit={form.onSubmit((values) => saving.mutate(values))}>
        <Group align="flex-end">
          <TextInput
            label={`Stripe payment method id (test: ${TEST_CARD})`}
            description="Made with Stripe’s own tools; card numbers never pass through here"
            w={{ base: '100%', xs: 420 }}
            required
            {...form.getInputProps('paymentMethodId')}
          />
          <Button type="submit" variant="light" loading={saving.isPending}>
            Save payment method
          </Button>
        </Group>
      </form>
    </Section>
  );
}

const PaymentDue = ({ standing }: { standing: 'past_due' | 'suspended' | 'ended' }) => (
  <Alert color="orange" icon={<IconAlertTriangle />} title="A payment is outstanding" role="alert">
    {standing === 'past_due'
      ? 'New machines cannot be launched until it is settled.'
      : 'Machines were stopped, and new ones cannot be launched until it is settled.'}{' '}
    Save a payment method that works, and it is tried again.
  </Alert>
);
