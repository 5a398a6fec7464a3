/** Where a vendor's money goes: an account at Stripe, opened from here. */
import { Alert, Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, ask } from '../../lib/api.ts';
import { asProblem, fieldErrors } from '../../lib/problem.ts';
import { useMe } from '../../lib/session.ts';
import { Asked } from '../../ui/asked.tsx';
import { ProblemAlert } from '../../ui/problem-alert.tsx';
import { Section } from '../../ui/section.tsx';
import { payoutAccountQuery } from './queries.ts';

export function PayoutAccount() {
  const account = useQuery(payoutAccountQuery);
  return (
    <Section title="Payout account" hint="Payouts go to a Stripe account of yours, and from there to your bank.">
      <Asked query={account} lines={2}>
        {(opened) =>
          opened?.accountId ? (
            <Alert color={opened.payoutsEnabled ? 'green' : 'orange'} variant="light">
              {opened.payoutsEnabled
                ? `Payouts go to ${opened.accountId}.`
                : `Account ${opened.accountId} is open. Stripe does not pay out to it yet: it may want to know more about your company first.`}
            </Alert>
          ) : (
            <NewAccount />
          )
        }
      </Asked>
    </Section>
  );
}

function NewAccount() {
  const queryClient = useQueryClient();
  const me = useMe();
  const form = useForm({ initialValues: { country: '', email: me?.user?.email ?? '' } });
  const opening = useMutation({
    mutationFn: (body: { country: string; email: string }) =>
      ask(api.PUT('/v1/payout-account', { body: { ...body, country: body.country.trim().toUpperCase() } })),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['payout-account'] }),
    onError: (error) => form.setErrors(fieldErrors(asProblem(error))),
  });
  return (
    <form onSubmit={form.onSubmit((values) => opening.mutate(values))}>
      <Stack>
        <Text size="sm">Without an account earnings are kept for you, and paid out when there is one.</Text>
        {Object.keys(form.errors).length === 0 && <ProblemAlert error={opening.error} title="The account was not opened" />}
        <Group align="flex-start">
          <TextInput
            label="Country"
            description="Two letters, such as US or DE"
            maxLength={2}
            required
            {...form.getInputProps('country')}
          />
          <TextInput
            label="E-mail"
            description="Stripe writes to it"
            type="email"
            w={280}
            required
            {...form.getInputProps('email')}
          />
        </Group>
        <Group>
          <Button type="submit" variant="light" loading={opening.isPending}>
            Open payout account
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
