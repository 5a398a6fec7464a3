/** Amounts side by side, each with its name and what it means. */
import { Card, SimpleGrid, Text } from '@mantine/core';

export interface Amount {
  label: string;
  value: string;
  hint: string;
}

export const Amounts = ({ items }: { items: Amount[] }) => (
  <SimpleGrid cols={{ base: 1, xs: 2, md: items.length }}>
    {items.map(({ label, value, hint }) => (
      <Card key={label} padding="md">
        <Text size="sm" c="dimmed">
          {label}
        </Text>
        <Text fz="lg" fw={650}>
          {value}
        </Text>
        <Text size="xs" c="dimmed">
          {hint}
        </Text>
      </Card>
    ))}
  </SimpleGrid>
);
