/** The vendor's terms in full, as they will be accepted. */
import { Box, ScrollArea, Text } from '@mantine/core';

export const Terms = ({ text }: { text: string }) => (
  <Box bd="1px solid var(--mantine-color-default-border)" bdrs="md">
    <ScrollArea.Autosize
      mah={260}
      type="auto"
      offsetScrollbars="present"
      viewportProps={{ tabIndex: 0, role: 'region', 'aria-label': 'Terms' }}
    >
      <Text size="sm" p="md" style={{ whiteSpace: 'pre-wrap' }}>
        {text}
      </Text>
    </ScrollArea.Autosize>
  </Box>
);
