/** Puts a product on the storefront, changes how it stands there, and takes it off. */
import { Alert, Group, Skeleton, Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { api, ask, type Schemas } from '../../lib/api.ts';
import { ConfirmButton } from '../../ui/confirm-button.tsx';
import { ButtonLink } from '../../ui/links.tsx';
import { Section } from '../../ui/section.tsx';
import { ListingForm } from './listing-form.tsx';
import { isReady, offerQuery, ownListingQuery, versionsQuery } from './queries.ts';

export function ListingSection({ product }: { product: Schemas['Product'] }) {
  const versions = useQuery(versionsQuery(product.id)).data?.items;
  const offer = useQuery(offerQuery(product.id)).data;
  const listing = useQuery(ownListingQuery(product)).data;
  const isLoaded = versions !== undefined && offer !== undefined && listing !== undefined;
  return (
    <Section
      title="Listing"
      hint="How the product stands on the storefront."
      aside={listing && <Listed product={product} slug={listing.slug} />}
    >
      {product.state === 'restricted' && (
        <Alert color="orange" variant="light">
          This product is off the storefront. Who has subscribed keeps it. Publish it again to sell it to others.
        </Alert>
      )}
      {!isLoaded && <Skeleton height={120} />}
      {isLoaded && !(offer && versions.some(isReady)) && (
        <Text size="sm" c="dimmed">
          {offer
            ? 'Publish as soon as an image is ready in every region.'
            : 'Publish as soon as there is a price, and an image that is ready in every region.'}
        </Text>
      )}
      {isLoaded && offer && versions.some(isReady) && (
        <ListingForm key={listing?.listedAt ?? 'new'} product={product} listing={listing} versions={versions.filter(isReady)} />
      )}
    </Section>
  );
}

function Listed({ product: { id, name }, slug }: { product: Schemas['Product']; slug: string }) {
  const queryClient = useQueryClient();
  return (
    <Group gap="xs">
      <ButtonLink to="/products/$slug" params={{ slug }} variant="light">
        See it on the storefront
      </ButtonLink>
      <ConfirmButton
        question={`Take ${name} off the storefront?`}
        consequence="Nobody new can subscribe. Who has subscribed keeps it, and keeps paying for it."
        confirm="Take off"
        act={async () => {
          await ask(api.DELETE('/v1/products/{id}/listing', { params: { path: { id } } }));
          await Promise.all([
            queryClient.invalidateQueries({ queryKey: ['products'] }),
            queryClient.invalidateQueries({ queryKey: ['listings'] }),
          ]);
        }}
      >
        Take off
      </ConfirmButton>
    </Group>
  );
}
