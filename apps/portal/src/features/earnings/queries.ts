/** A vendor's questions about money. */
import { queryOptions } from '@tanstack/react-query';
import { api, ask, askMaybe } from '../../lib/api.ts';

export const earningsQuery = queryOptions({ queryKey: ['earnings'], queryFn: () => ask(api.GET('/v1/earnings')) });
export const payoutsQuery = queryOptions({ queryKey: ['payouts'], queryFn: () => ask(api.GET('/v1/payouts')) });

/** Null while there is none. */
export const payoutAccountQuery = queryOptions({
  queryKey: ['payout-account'],
  queryFn: () => askMaybe(api.GET('/v1/payout-account')),
});
