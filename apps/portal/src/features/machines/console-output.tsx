/** What the machine wrote to its console: the first place to look when it does not come up. */
import { Button, Code, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { api, ask } from '../../lib/api.ts';
import { ProblemAlert } from '../../ui/problem-alert.tsx';
import { Section } from '../../ui/section.tsx';

export function ConsoleOutput({ id }: { id: string }) {
  const output = useQuery({
    queryKey: ['console', id],
    queryFn: () => ask(api.GET('/v1/instances/{id}/console', { params: { path: { id } } })),
    enabled: false,
  });
  return (
    <Section
      title="Console"
      hint="What the machine wrote while it started."
      aside={
        <Button variant="default" loading={output.isFetching} onClick={() => void output.refetch()}>
          {output.data ? 'Read again' : 'Read console'}
        </Button>
      }
    >
      <ProblemAlert error={output.error} title="The console could not be read" />
      {output.data &&
        (output.data.output ? (
          <Code block mah={400} style={{ overflow: 'auto' }}>
            {output.data.output}
          </Code>
        ) : (
          <Text size="sm" c="dimmed">
            It has written nothing yet.
          </Text>
        ))}
    </Section>
  );
}
