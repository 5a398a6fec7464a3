/** A buyer's questions about money. */
import { queryOptions } from '@tanstack/react-query';
import { api, ask, askMaybe } from '../../lib/api.ts';

export const invoicesQuery = queryOptions({ queryKey: ['invoices'], queryFn: () => ask(api.GET('/v1/invoices')) });

/** Null when it is not one's own. */
export const invoiceQuery = (id: string) =>
  queryOptions({
    queryKey: ['invoices', id],
    queryFn: () => askMaybe(api.GET('/v1/invoices/{id}', { params: { path: { id } } })),
  });

export const paymentMethodQuery = queryOptions({
  queryKey: ['payment-method'],
  queryFn: () => ask(api.GET('/v1/payment-method')),
});
