/** Ends a subscription, after saying what that does. */
import type { ButtonProps } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { api, ask } from '../../lib/api.ts';
import { ConfirmButton } from '../../ui/confirm-button.tsx';

interface Props extends ButtonProps {
  id: string;
  product: string;
}

export function CancelSubscription({ id, product, ...button }: Props) {
  const queryClient = useQueryClient();
  return (
    <ConfirmButton
      {...button}
      question={`Cancel ${product}?`}
      consequence="All its machines are terminated, with what is on them. What was used until now comes on the next invoice; nothing after it."
      confirm="Cancel subscription"
      act={async () => {
        await ask(api.DELETE('/v1/subscriptions/{id}', { params: { path: { id } } }));
        await Promise.all([
          queryClient.invalidateQueries({ queryKey: ['subscriptions'] }),
          queryClient.invalidateQueries({ queryKey: ['launches'] }),
        ]);
      }}
    >
      Cancel
    </ConfirmButton>
  );
}
