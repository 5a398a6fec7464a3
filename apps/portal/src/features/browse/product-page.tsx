/** One product: what it is, what it costs, where it runs, and the way to have it. */
import { Badge, Card, Container, Grid, Group, Skeleton, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import type { Schemas } from '../../lib/api.ts';
import { day } from '../../lib/format.ts';
import { Asked } from '../../ui/asked.tsx';
import { Markdown } from '../../ui/markdown.tsx';
import { NotFound } from '../../ui/not-found.tsx';
import { Section } from '../../ui/section.tsx';
import { GetIt } from '../subscribe/get-it.tsx';
import { categoryName } from './categories.ts';
import { Included } from './included.tsx';
import { PriceTable } from './price-table.tsx';
import { ProductTile } from './product-tile.tsx';
import { listingQuery } from './queries.ts';

export function ProductPage() {
  const { slug } = useParams({ from: '/products/$slug' });
  const listing = useQuery(listingQuery(slug));
  return (
    <Container py="xl">
      <Asked query={listing} skeleton={<Skeleton height={320} />}>
        {(product) => (product ? <Product listing={product} /> : <NotFound what="product" />)}
      </Asked>
    </Container>
  );
}

function Product({ listing }: { listing: Schemas['Listing'] }) {
  const { name, vendor, category, summary, description, version, offer } = listing;
  return (
    <Stack gap="xl">
      <title>{`${name} · Slipway`}</title>
      <Group wrap="nowrap" align="flex-start">
        <ProductTile name={name} size={64} />
        <div>
          <Title order={1} size="h2">
            {name}
          </Title>
          <Text c="dimmed">
            by {vendor} · version {version.title} · listed {day(listing.listedAt)}
          </Text>
          <Text size="lg" mt="xs">
            {summary}
          </Text>
          <Badge variant="light" tt="none" mt="sm">
            {categoryName(category)}
          </Badge>
        </div>
      </Group>
      <Grid gap="lg">
        <Grid.Col span={{ base: 12, md: 7 }}>
          <Stack gap="lg">
            <Card>
              <Stack gap="sm">
                <Markdown text={description} />
              </Stack>
            </Card>
            <Section
              title="Price"
              hint="Charged at the end of the month for what was used. The price you subscribe at is kept for you."
            >
              <PriceTable offer={offer} />
              <Included entitlements={offer.entitlements} />
            </Section>
            <Section title="Where it runs">
              <Words label="Regions" values={version.regions} />
              <Words label="Instance types" values={version.instanceTypes} />
              <Text size="sm" c="dimmed">
                Copied to each region, checked, and booted there once before it was listed.
              </Text>
            </Section>
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 5 }}>
          <GetIt listing={listing} />
        </Grid.Col>
      </Grid>
    </Stack>
  );
}

const Words = ({ label, values }: { label: string; values: string[] }) => (
  <div>
    <Text size="sm" c="dimmed" mb={4}>
      {label}
    </Text>
    <Group gap={6}>
      {values.map((value) => (
        <Badge key={value} variant="default" tt="none" fw={500}>
          {value}
        </Badge>
      ))}
    </Group>
  </div>
);
