/** Shapes of the card on file. Card numbers never come near us: the id is made by Stripe in the browser. */
import { z } from 'zod';

export const NewPaymentMethod = z
  .object({ paymentMethodId: z.string().regex(/^pm_[A-Za-z0-9_]{1,250}$/, 'must be a Stripe payment method id such as pm_card_visa') })
  .meta({ id: 'NewPaymentMethod' });
export type NewPaymentMethod = z.output<typeof NewPaymentMethod>;

export const PaymentMethodView = z
  .object({ paymentMethodId: z.string().nullable(), label: z.string().nullable().describe('for people: Visa •••• 4242') })
  .meta({ id: 'PaymentMethod' });
export type PaymentMethodView = z.output<typeof PaymentMethodView>;
