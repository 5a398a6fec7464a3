/** Reads the terms, accepts them, subscribes. The hash sent is the one of the text shown. */
import { Button, Checkbox, Stack, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useLocation } from '@tanstack/react-router';
import { useState } from 'react';
import { api, ask, type Schemas } from '../../lib/api.ts';
import { asProblem } from '../../lib/problem.ts';
import { ButtonLink } from '../../ui/links.tsx';
import { ProblemAlert } from '../../ui/problem-alert.tsx';
import { Section } from '../../ui/section.tsx';
import { Terms } from './terms.tsx';

export function SubscribeForm({ listing, isVisitor = false }: { listing: Schemas['Listing']; isVisitor?: boolean }) {
  const { offer, name, vendor, slug } = listing;
  const queryClient = useQueryClient();
  const { href } = useLocation();
  // Which text was accepted, not that one was: when the terms change underneath, they have to be read again.
  const [accepted, setAccepted] = useState<string | null>(null);
  const isAccepted = accepted === offer.termsSha256;
  const subscribing = useMutation({
    mutationFn: () =>
      ask(api.POST('/v1/subscriptions', { body: { offerId: offer.id, termsSha256: offer.termsSha256, commitments: [] } })),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['subscriptions'] }),
    onError: async (error) => {
      if (['terms_changed', 'offer_withdrawn', 'not_listed'].includes(asProblem(error).code))
        await queryClient.invalidateQueries({ queryKey: ['listing', slug] });
    },
  });
  return (
    <Section title="Subscribe" hint="Subscribing costs nothing by itself; machines and use do.">
      <Terms text={offer.terms} />
      {isVisitor ? (
        <Stack gap="xs">
          <ButtonLink to="/sign-in" search={{ next: href }} fullWidth>
            Sign in to subscribe
          </ButtonLink>
          <Text size="sm" ta="center" c="dimmed">
            An account is free and takes a minute.
          </Text>
        </Stack>
      ) : (
        <>
          <Checkbox
            label="I accept these terms"
            checked={isAccepted}
            onChange={({ currentTarget }) => setAccepted(currentTarget.checked ? offer.termsSha256 : null)}
          />
          <ProblemAlert error={subscribing.error} title="You are not subscribed" />
          <Button disabled={!isAccepted} loading={subscribing.isPending} onClick={() => subscribing.mutate()} fullWidth>
            Subscribe
          </Button>
          <Text size="xs" c="dimmed">
            You agree with {vendor} on the use of {name}. Cancel at any time; machines are terminated then.
          </Text>
        </>
      )}
    </Section>
  );
}
