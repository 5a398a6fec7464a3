/** The app `billing`, as platform runs it. */
import type { AppDefinition } from '#platform/app.ts';
import { Organization } from '#tables/api/organization.ts';
import { Commitment } from '#tables/api/commitment.ts';
import { Coupon, CouponRedemption } from '#tables/api/coupon.ts';
import { Price, PriceVersion } from '#tables/api/price-version.ts';
import { Subscription } from '#tables/api/subscription.ts';
import { BuyerDetails, BuyerTerms } from '#tables/billing/buyer-details.ts';
import { Charge, ChargeSource } from '#tables/billing/charge.ts';
import { CreditGrant, CreditUse } from '#tables/billing/credit.ts';
import { CreditNote, CreditNoteLine } from '#tables/billing/credit-note.ts';
import { ExternalCall } from '#tables/billing/external-call.ts';
import { FeeRuleRow, FeeRuleVersionRow, LinePart, PartShare } from '#tables/billing/fee-rule.ts';
import { HeldClose } from '#tables/billing/held-close.ts';
import { InboundEvent } from '#tables/billing/inbound-event.ts';
import { DiscountOfLine, Invoice, InvoiceLine } from '#tables/billing/invoice.ts';
import { JournalSeal, LedgerProof } from '#tables/billing/journal-seal.ts';
import { Journal, Posting } from '#tables/billing/journal.ts';
import { Payment } from '#tables/billing/payment.ts';
import { Dispute, HeldShare, LineDispute } from '#tables/billing/dispute.ts';
import { Payout, Transfer } from '#tables/billing/payout.ts';
import { PayoutApproval, PayoutPolicyRow, Reserve } from '#tables/billing/payout-policy.ts';
import { Period } from '#tables/billing/period.ts';
import { LineReturn, Refund } from '#tables/billing/refund.ts';
import { EventSweep, Reconciliation } from '#tables/billing/reconciliation.ts';
import { Standing } from '#tables/billing/standing.ts';
import { StripeAccount, StripeCustomer } from '#tables/billing/stripe-account.ts';
import { WriteOff } from '#tables/billing/write-off.ts';
import { TransferReversal } from '#tables/billing/transfer-reversal.ts';
import { InfrastructurePrice } from '#tables/launcher/infrastructure-price.ts';
import { BillingModule } from './billing.module.ts';
import { BillingConfig, loadBillingConfig } from './config.ts';

export const billing: AppDefinition<BillingConfig> = {
  name: 'billing',
  module: BillingModule,
  entities: [
    Organization,
    Subscription,
    PriceVersion,
    Price,
    Commitment,
    Coupon,
    CouponRedemption,
    Period,
    Charge,
    ChargeSource,
    Invoice,
    InvoiceLine,
    DiscountOfLine,
    FeeRuleRow,
    FeeRuleVersionRow,
    LinePart,
    PartShare,
    HeldClose,
    CreditNote,
    CreditNoteLine,
    BuyerDetails,
    BuyerTerms,
    CreditGrant,
    CreditUse,
    Payment,
    ExternalCall,
    StripeCustomer,
    StripeAccount,
    InboundEvent,
    Journal,
    Posting,
    JournalSeal,
    LedgerProof,
    Payout,
    Transfer,
    PayoutPolicyRow,
    PayoutApproval,
    Reserve,
    Refund,
    LineReturn,
    TransferReversal,
    Dispute,
    LineDispute,
    HeldShare,
    Standing,
    WriteOff,
    EventSweep,
    Reconciliation,
    InfrastructurePrice,
  ],
  config: loadBillingConfig,
  configToken: BillingConfig,
  databases: (config) => ({ otherUrl: config.METERING_DATABASE_URL }),
};
