/** Every call that the sandbox's Stripe knows. */
import { accountPartRoutes } from './connect/account-parts.ts';
import { accountRoutes } from './connect/accounts.ts';
import { balanceSettingRoutes } from './connect/balance-settings.ts';
import { payOutDaily } from './connect/payout-schedule.ts';
import { payoutRoutes } from './connect/payouts.ts';
import { reversalRoutes } from './connect/reversals.ts';
import { transferRoutes } from './connect/transfers.ts';
import { checkoutRoutes } from './checkout/sessions.ts';
import { balanceRoutes } from './money/balance.ts';
import { disputeRoutes } from './money/disputes.ts';
import { refundRoutes } from './money/refunds.ts';
import { chargeRoutes } from './payments/charges.ts';
import { customerRoutes } from './payments/customers.ts';
import { mandateRoutes } from './payments/mandates.ts';
import { paymentIntentRoutes } from './payments/payment-intents.ts';
import { paymentMethodRoutes } from './payments/payment-methods.ts';
import { setupIntentRoutes } from './payments/setup-intents.ts';
import type { StripeState } from './state.ts';
import { calculationRoutes } from './tax/calculations.ts';
import { taxTransactionRoutes } from './tax/transactions.ts';
import { eventRoutes } from './webhooks/event-routes.ts';
import type { Route } from './wire/route.ts';
import { searchRoutes } from './wire/search.ts';

export function stripeRoutes(state: StripeState): Route[] {
  payOutDaily(state);
  return [
    ...customerRoutes(state),
    ...paymentMethodRoutes(state),
    ...mandateRoutes(state),
    ...setupIntentRoutes(state),
    ...paymentIntentRoutes(state),
    ...searchRoutes(state),
    ...chargeRoutes(state),
    ...refundRoutes(state),
    ...disputeRoutes(state),
    ...balanceRoutes(state),
    ...accountRoutes(state),
    ...accountPartRoutes(state),
    ...balanceSettingRoutes(state),
    ...transferRoutes(state),
    ...reversalRoutes(state),
    ...payoutRoutes(state),
    ...checkoutRoutes(state),
    ...calculationRoutes(state),
    ...taxTransactionRoutes(state),
    ...eventRoutes(state),
  ];
}
