/** Where a vendor's money goes: an account at Stripe, opened from here and completed there. */
import { Alert, Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, ask, type Schemas } from '../../lib/api.ts';
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
        {({ accountId, payoutsEnabled }) =>
          payoutsEnabled ? (
            <Alert color="green" variant="light">
              Payouts go to {accountId}.
            </Alert>
          ) : (
            <OpenAccount accountId={accountId} />
          )
        }
      </Asked>
    </Section>
  );
}

/** Opens an account, or goes on with one that Stripe wants to know more about: asking again gives a new way in. */
function OpenAccount({ accountId }: { accountId: string | null }) {
  const queryClient = useQueryClient();
  const me = useMe();
  const form = useForm<Schemas['NewPayoutAccount']>({ initialValues: { country: '', email: me?.user?.email ?? '' } });
  const opening = useMutation({
    mutationFn: (body: Schemas['NewPayoutAccount']) => ask(api.PUT('/v1/payout-account', { body })),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['payout-account'] }),
    onError: (error) => form.setErrors(fieldErrors(asProblem(error))),
  });
  return (
    <form onSubmit={form.onSubmit((values) => opening.mutate(values))}>
      <Stack>
        <Text size="sm">
          {accountId
            ? `Account ${accountId} is open, but Stripe wants to know more before it pays out to it.`
            : 'Without an account earnings are kept for you, and paid out when there is one.'}
        </Text>
        {Object.keys(form.errors).length === 0 && <ProblemAlert error={opening.error} title="The account was not opened" />}
        {opening.data?.onboardingUrl && (
          <Alert color="blue" variant="light" title="One more step">
            <Text size="sm" mb="sm">
              Tell Stripe who you are and where your bank is. The link is good for one visit.
            </Text>
            <Button component="a" href={opening.data.onboardingUrl} size="xs">
              Continue at Stripe
            </Button>
          </Alert>
        )}
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
            {accountId ? 'Ask for a new link' : 'Open payout account'}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
