/** An operator's questions: the marketplace as a whole, and its book. */
import { queryOptions } from '@tanstack/react-query';
import { api, ask } from '../../lib/api.ts';

export const platformQuery = queryOptions({
  queryKey: ['platform'],
  queryFn: () => ask(api.GET('/v1/platform')),
  refetchInterval: 30_000,
});
export const trialBalanceQuery = queryOptions({
  queryKey: ['trial-balance'],
  queryFn: () => ask(api.GET('/v1/ledger/trial-balance')),
  refetchInterval: 30_000,
});
