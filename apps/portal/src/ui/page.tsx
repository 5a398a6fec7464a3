/** The frame of a page: its heading, what can be done on it, and the document's title. */
import { Container, Group, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';

interface Props {
  title: string;
  lead?: ReactNode;
  actions?: ReactNode;
  /** What stands above the heading, such as a way back. */
  above?: ReactNode;
  narrow?: boolean;
  children: ReactNode;
}

export function Page({ title, lead, actions, above, narrow = false, children }: Props) {
  return (
    <Container py="xl" size={narrow ? 480 : 'lg'}>
      <title>{`${title} · Slipway`}</title>
      <Stack gap="lg">
        <Group justify="space-between" align="flex-end">
          <Stack gap={4}>
            {above}
            <Title order={1} size="h2">
              {title}
            </Title>
            {lead && <Text c="dimmed">{lead}</Text>}
          </Stack>
          {actions}
        </Group>
        {children}
      </Stack>
    </Container>
  );
}
