/** Asks for a machine: where and how large. Leads to its page. */
import { Alert, Button, Select, Stack } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { api, ask, type Schemas } from '../../lib/api.ts';
import { asProblem } from '../../lib/problem.ts';
import { ButtonLink } from '../../ui/links.tsx';
import { ProblemAlert } from '../../ui/problem-alert.tsx';

interface Props {
  subscriptionId: string;
  version: Schemas['Listing']['version'];
}

export function LaunchForm({ subscriptionId, version: { regions, instanceTypes } }: Props) {
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const form = useForm({ initialValues: { region: regions[0] ?? '', instanceType: instanceTypes[0] ?? '' } });
  const launching = useMutation({
    mutationFn: (chosen: typeof form.values) =>
      // What is not asked for here has a default.
      ask(api.POST('/v1/launches', { body: { subscriptionId, ...chosen } as Schemas['NewLaunch'] })),
    onSuccess: async (launch) => {
      await queryClient.invalidateQueries({ queryKey: ['launches'] });
      await navigate({ to: '/machines/$id', params: { id: launch.id } });
    },
  });
  const isUnpaid = launching.error && asProblem(launching.error).code.startsWith('standing_');
  return (
    <form onSubmit={form.onSubmit((values) => launching.mutate(values))}>
      <Stack>
        <Select label="Region" data={regions} allowDeselect={false} {...form.getInputProps('region')} />
        <Select label="Instance type" data={instanceTypes} allowDeselect={false} {...form.getInputProps('instanceType')} />
        {isUnpaid ? (
          <Alert color="orange" title="A payment is outstanding">
            {asProblem(launching.error).detail}
            <ButtonLink to="/invoices" size="xs" variant="light" color="orange" mt="sm">
              To invoices
            </ButtonLink>
          </Alert>
        ) : (
          <ProblemAlert error={launching.error} title="The machine was not launched" />
        )}
        <Button type="submit" loading={launching.isPending} fullWidth>
          Launch
        </Button>
      </Stack>
    </form>
  );
}
