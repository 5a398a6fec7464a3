/** The state of a row as a coloured word. */
import { Badge, type MantineColor } from '@mantine/core';
import { words } from '../lib/format.ts';

const COLORS: Record<string, MantineColor> = {
  public: 'green', ready: 'green', healthy: 'green', paid: 'green', good: 'green', active: 'green', succeeded: 'green',
  copying: 'blue', testing: 'blue', pending: 'blue', running: 'blue', planned: 'blue', accepted: 'blue', open: 'blue', sent: 'blue', processing: 'blue',
  stopping: 'orange', terminating: 'orange', restricted: 'orange', past_due: 'orange', reserved: 'orange',
  rejected: 'red', failed: 'red', suspended: 'red', void: 'red',
}; // oxfmt-ignore

export const StateBadge = ({ state }: { state: string }) => (
  <Badge variant="light" color={COLORS[state] ?? 'gray'} tt="none">
    {words(state)}
  </Badge>
);
