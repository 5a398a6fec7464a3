/** One product of the vendor's, from image to price to storefront. */
import { Card, List, Text, ThemeIcon } from '@mantine/core';
import { IconCheck, IconCircle } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import type { Schemas } from '../../lib/api.ts';
import { Asked } from '../../ui/asked.tsx';
import { CopyLine } from '../../ui/copy-line.tsx';
import { TextLink } from '../../ui/links.tsx';
import { NotFound } from '../../ui/not-found.tsx';
import { Page } from '../../ui/page.tsx';
import { StateBadge } from '../../ui/state-badge.tsx';
import { ListingSection } from './listing-section.tsx';
import { OfferSection } from './offer-section.tsx';
import { ProductKeys } from './product-keys.tsx';
import { isReady, offerQuery, productQuery, versionsQuery } from './queries.ts';
import { VersionsSection } from './versions-section.tsx';

export function VendorProductPage() {
  const { id } = useParams({ from: '/vendor/vendor/products/$id' });
  const product = useQuery(productQuery(id));
  return <Asked query={product}>{(own) => (own ? <VendorProduct product={own} /> : <NotFound what="product" />)}</Asked>;
}

function VendorProduct({ product }: { product: Schemas['Product'] }) {
  return (
    <Page
      title={product.name}
      above={
        <TextLink to="/vendor/products" size="sm">
          Products
        </TextLink>
      }
      lead={<CopyLine label="Product code, by which your software meters" value={product.productCode} />}
      actions={<StateBadge state={product.state} />}
    >
      {product.state === 'draft' && <Checklist product={product} />}
      <VersionsSection productId={product.id} />
      <OfferSection productId={product.id} />
      <ListingSection product={product} />
      <ProductKeys productId={product.id} />
    </Page>
  );
}

/** What is still missing before the product can be sold. */
function Checklist({ product: { id } }: { product: Schemas['Product'] }) {
  const versions = useQuery(versionsQuery(id)).data?.items ?? [];
  const hasPrice = Boolean(useQuery(offerQuery(id)).data);
  return (
    <Card>
      <Text fw={600} mb="sm">
        On the way to the storefront
      </Text>
      <List spacing="xs" center>
        <Item isDone={versions.length > 0}>Submit a version: the image you made</Item>
        <Item isDone={versions.some(isReady)}>Its image is copied, checked and boots in every region</Item>
        <Item isDone={hasPrice}>Set a price and your terms</Item>
        <Item isDone={false}>Publish the listing</Item>
      </List>
    </Card>
  );
}

const Item = ({ isDone, children }: { isDone: boolean; children: string }) => (
  <List.Item
    icon={
      <ThemeIcon size={22} radius="xl" variant="light" color={isDone ? 'green' : 'gray'} aria-label={isDone ? 'Done' : 'To do'}>
        {isDone ? <IconCheck size={14} /> : <IconCircle size={10} />}
      </ThemeIcon>
    }
  >
    <Text size="sm" c={isDone ? 'dimmed' : undefined}>
      {children}
    </Text>
  </List.Item>
);
