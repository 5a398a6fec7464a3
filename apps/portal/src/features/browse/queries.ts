/** Questions about the storefront. */
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, ask, askMaybe } from '../../lib/api.ts';

export const listingsQuery = (q: string | undefined, category: string | undefined) =>
  queryOptions({
    queryKey: ['listings', q, category],
    queryFn: () => ask(api.GET('/v1/listings', { params: { query: { q, category, limit: 100 } } })),
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  });

/** Null when it is not listed. */
export const listingQuery = (slug: string) =>
  queryOptions({
    queryKey: ['listing', slug],
    queryFn: () => askMaybe(api.GET('/v1/listings/{slug}', { params: { path: { slug } } })),
    staleTime: 30_000,
  });
