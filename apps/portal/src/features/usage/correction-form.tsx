/** A vendor says which hour was recorded wrongly, by how much, and why. */
import { Button, Group, NumberInput, Stack, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, ask } from '../../lib/api.ts';
import { asProblem, fieldErrors } from '../../lib/problem.ts';
import { ProblemAlert } from '../../ui/problem-alert.tsx';

interface Answers {
  /** As the browser's field has it, without a zone. */
  hour: string;
  dimension: string;
  delta: number | string;
  reason: string;
}

export function CorrectionForm({ subscriptionId, done }: { subscriptionId: string; done: () => void }) {
  const queryClient = useQueryClient();
  const form = useForm<Answers>({ initialValues: { hour: '', dimension: '', delta: '', reason: '' } });
  const proposing = useMutation({
    mutationFn: ({ hour, dimension, delta, reason }: Answers) =>
      ask(
        api.POST('/v1/usage-corrections', {
          body: { subscriptionId, hour: `${hour}:00Z`, dimension, delta: Number(delta), reason },
        }),
      ),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: ['corrections'] });
      done();
    },
    onError: (error) => form.setErrors(fieldErrors(asProblem(error))),
  });
  return (
    <form onSubmit={form.onSubmit((values) => proposing.mutate(values))}>
      <Stack>
        <TextInput
          type="datetime-local"
          step={3600}
          label="Hour"
          description="The start of the hour of use, in UTC"
          required
          {...form.getInputProps('hour')}
        />
        <TextInput label="Dimension" required {...form.getInputProps('dimension')} />
        <NumberInput
          label="Change"
          description="Negative takes back, to the buyer's good; positive is for the buyer to approve"
          allowDecimal={false}
          required
          {...form.getInputProps('delta')}
        />
        <Textarea
          label="Reason"
          description="Both sides see it"
          autosize
          minRows={2}
          required
          {...form.getInputProps('reason')}
        />
        {Object.keys(form.errors).length === 0 && (
          <ProblemAlert error={proposing.error} title="The correction was not proposed" />
        )}
        <Group justify="flex-end">
          <Button type="submit" loading={proposing.isPending}>
            Propose correction
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
