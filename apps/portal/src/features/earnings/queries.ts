/** A vendor's questions about money. */
import { queryOptions } from '@tanstack/react-query';
import { api, ask } from '../../lib/api.ts';

export const earningsQuery = queryOptions({ queryKey: ['earnings'], queryFn: () => ask(api.GET('/v1/earnings')) });
export const payoutsQuery = queryOptions({ queryKey: ['payouts'], queryFn: () => ask(api.GET('/v1/payouts')) });

/** Asked again while Stripe looks at what its owner handed in. */
export const payoutAccountQuery = queryOptions({
  queryKey: ['payout-account'],
  queryFn: () => ask(api.GET('/v1/payout-account')),
  refetchInterval: ({ state: { data } }) => (data?.accountId && !data.payoutsEnabled ? 3_000 : false),
});
