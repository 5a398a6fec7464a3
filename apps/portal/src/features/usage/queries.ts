/** What a subscription has used. */
import { queryOptions } from '@tanstack/react-query';
import { monthOf } from '#domain/period.ts';
import { api, ask } from '../../lib/api.ts';

export type Month = 'this month' | 'last month';

/** A month's, by day. Only the sums are shown, so one record is enough to ask for. */
export const usageQuery = (subscriptionId: string, month: Month) =>
  queryOptions({
    queryKey: ['usage', subscriptionId, month],
    queryFn: () => ask(api.GET('/v1/usage', { params: { query: { subscriptionId, limit: 1, ...spanOf(month) } } })),
    refetchInterval: 60_000,
  });

/** Metering itself knows which month it is. */
function spanOf(month: Month): { from?: string; to?: string } {
  if (month === 'this month') return {};
  const { from: end } = monthOf(new Date());
  return { from: monthOf(new Date(end.getTime() - 1)).from.toISOString(), to: end.toISOString() };
}
