/** Questions about subscriptions, of buyers and of vendors about their customers. */
import { queryOptions } from '@tanstack/react-query';
import { api, ask } from '../../lib/api.ts';

export const subscriptionsQuery = queryOptions({ queryKey: ['subscriptions'], queryFn: () => ask(api.GET('/v1/subscriptions')) });

export const subscriptionQuery = (id: string) =>
  queryOptions({
    queryKey: ['subscriptions', id],
    queryFn: () => ask(api.GET('/v1/subscriptions/{id}', { params: { path: { id } } })),
  });
