/** For addresses that lead nowhere. */
import { EmptyState } from '@mantine/core';
import { IconAnchorOff } from '@tabler/icons-react';
import { ButtonLink } from './links.tsx';

export function NotFound({ what = 'page' }: { what?: string }) {
  return (
    <EmptyState
      py={80}
      icon={<IconAnchorOff />}
      title={`There is no such ${what}`}
      description="It may have been removed, or the address is not quite right."
    >
      <EmptyState.Actions>
        <ButtonLink to="/" variant="light">
          To the storefront
        </ButtonLink>
      </EmptyState.Actions>
    </EmptyState>
  );
}
