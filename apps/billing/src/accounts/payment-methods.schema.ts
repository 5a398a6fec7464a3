/** Shapes of what a buyer's invoices are charged to. */
import { z } from 'zod';

export const NewPaymentMethod = z
  .object({
    paymentMethodId: z
      .string()
      .trim()
      .regex(/^pm_\w{1,100}$/, 'must be the id of a Stripe payment method, such as pm_1P…'),
  })
  .meta({ id: 'NewPaymentMethod' });
export type NewPaymentMethod = z.output<typeof NewPaymentMethod>;

export const PaymentMethodView = z
  .object({
    paymentMethodId: z.string().nullable(),
    cardLabel: z.string().nullable().describe('what a person knows it by: visa •••• 4242'),
    standing: z
      .enum(['good', 'past_due', 'suspended', 'ended'])
      .describe('past_due while an invoice could not be collected; then suspended: machines stop; then ended: subscriptions end'),
  })
  .meta({ id: 'PaymentMethod' });
export type PaymentMethodView = z.output<typeof PaymentMethodView>;
