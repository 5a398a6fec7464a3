/** The storefront: every public listing, found by words and by category. */
import {
  Badge,
  Box,
  Card,
  Container,
  EmptyState,
  Group,
  Select,
  SimpleGrid,
  Skeleton,
  Stack,
  Text,
  TextInput,
  Title,
} from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconPackage, IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import type { Schemas } from '../../lib/api.ts';
import { useMe } from '../../lib/session.ts';
import { Asked } from '../../ui/asked.tsx';
import { ButtonLink } from '../../ui/links.tsx';
import { CATEGORIES, categoryName } from './categories.ts';
import { ProductTile } from './product-tile.tsx';
import { listingsQuery } from './queries.ts';
import classes from './storefront.module.css';

export function Storefront() {
  const { q, category } = useSearch({ from: '/' });
  const listings = useQuery(listingsQuery(q, category));
  return (
    <>
      <title>Slipway: appliances on machines of your own</title>
      <Box className={classes.hero}>
        <Container>
          <Title order={1} size={34} mb="xs">
            Software that arrives running
          </Title>
          <Text size="lg" c="dimmed" maw={620} mb="xl">
            Choose an appliance, accept its terms, and minutes later it answers on a machine of your own. You pay for the hours it
            runs and for what you use.
          </Text>
          <Search />
        </Container>
      </Box>
      <Container py="xl">
        <Asked query={listings} skeleton={<GreyCards />}>
          {({ items }) =>
            items.length === 0 ? (
              <NothingFound isSearch={Boolean(q || category)} />
            ) : (
              <SimpleGrid cols={{ base: 1, sm: 2, md: 3 }} component="ul" p={0} m={0}>
                {items.map((listing) => (
                  <ListingCard key={listing.productId} listing={listing} />
                ))}
              </SimpleGrid>
            )
          }
        </Asked>
      </Container>
    </>
  );
}

function Search() {
  const { q, category } = useSearch({ from: '/' });
  const navigate = useNavigate({ from: '/' });
  const [typed, setTyped] = useState(q ?? '');
  const search = useDebouncedCallback(
    (text: string) => void navigate({ search: (old) => ({ ...old, q: text || undefined }), replace: true }),
    250,
  );
  return (
    <Group role="search" align="flex-end">
      <TextInput
        label="Search"
        placeholder="password safe, database, …"
        leftSection={<IconSearch size={16} />}
        size="md"
        w={{ base: '100%', xs: 320 }}
        value={typed}
        onChange={({ currentTarget }) => {
          setTyped(currentTarget.value);
          search(currentTarget.value);
        }}
      />
      <Select
        label="Category"
        placeholder="All"
        data={CATEGORIES}
        clearable
        size="md"
        w={{ base: '100%', xs: 220 }}
        value={category ?? null}
        onChange={(chosen) => void navigate({ search: (old) => ({ ...old, category: chosen ?? undefined }) })}
      />
    </Group>
  );
}

function ListingCard({ listing }: { listing: Schemas['ListingSummary'] }) {
  const { slug, name, vendor, summary, category } = listing;
  return (
    <Card component="li" withBorder padding="lg" className={classes.card}>
      <Group wrap="nowrap" mb="sm">
        <ProductTile name={name} />
        <div style={{ minWidth: 0 }}>
          <Title order={2} size="h4" lineClamp={1}>
            <Link to="/products/$slug" params={{ slug }} className={classes.link}>
              {name}
            </Link>
          </Title>
          <Text size="sm" c="dimmed">
            by {vendor}
          </Text>
        </div>
      </Group>
      <Text size="sm" lineClamp={3} flex={1}>
        {summary}
      </Text>
      <Group mt="md">
        <Badge variant="light" tt="none">
          {categoryName(category)}
        </Badge>
      </Group>
    </Card>
  );
}

function NothingFound({ isSearch }: { isSearch: boolean }) {
  const isVendor = useMe()?.organization.kind === 'vendor';
  if (isSearch) {
    return (
      <EmptyState
        py="xl"
        icon={<IconSearch />}
        title="Nothing matches"
        description="Try other words, or look at everything there is."
      >
        <EmptyState.Actions>
          <ButtonLink to="/" search={{}} variant="light">
            Show everything
          </ButtonLink>
        </EmptyState.Actions>
      </EmptyState>
    );
  }
  return (
    <EmptyState
      py="xl"
      icon={<IconPackage />}
      title="Nothing is sold here yet"
      description="Products appear here as soon as their vendors publish them."
    >
      <EmptyState.Actions>
        {isVendor ? (
          <ButtonLink to="/vendor/products" variant="light">
            Publish a product
          </ButtonLink>
        ) : (
          <ButtonLink to="/sign-up" variant="light">
            Sell yours
          </ButtonLink>
        )}
      </EmptyState.Actions>
    </EmptyState>
  );
}

const GreyCards = () => (
  <SimpleGrid cols={{ base: 1, sm: 2, md: 3 }}>
    {['a', 'b', 'c'].map((key) => (
      <Stack key={key}>
        <Skeleton height={180} />
      </Stack>
    ))}
  </SimpleGrid>
);
