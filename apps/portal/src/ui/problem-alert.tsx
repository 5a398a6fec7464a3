/** Errors in plain words, with what helps support to find them. */
import { Alert, Button, Code, Container, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { asProblem } from '../lib/problem.ts';

interface Props {
  error: unknown;
  title?: string;
  retry?: () => void;
}

export function ProblemAlert({ error, title = 'That did not work', retry }: Props) {
  if (!error) return null;
  const problem = asProblem(error);
  return (
    <Alert color="red" variant="light" icon={<IconAlertTriangle />} title={title} role="alert">
      <Text size="sm">{problem.detail}</Text>
      {problem.status >= 500 && problem.requestId && (
        <Text size="xs" mt="xs" c="dimmed">
          Request <Code>{problem.requestId}</Code>
        </Text>
      )}
      {retry && (
        <Button size="xs" mt="sm" variant="light" color="red" onClick={retry}>
          Try again
        </Button>
      )}
    </Alert>
  );
}

/** For a page that could not be drawn at all. */
export function PageProblem({ error, reset }: { error: unknown; reset?: () => void }) {
  return (
    <Container py="xl">
      <ProblemAlert error={error} title="This page could not be shown" retry={reset} />
    </Container>
  );
}
