/** What a subscription has used. */
import { queryOptions } from '@tanstack/react-query';
import { api, ask } from '../../lib/api.ts';

/** This month's, by day. Only the sums are shown, so one record is enough to ask for. */
export const usageQuery = (subscriptionId: string) =>
  queryOptions({
    queryKey: ['usage', subscriptionId],
    queryFn: () => ask(api.GET('/v1/usage', { params: { query: { subscriptionId, limit: 1 } } })),
    refetchInterval: 60_000,
  });
