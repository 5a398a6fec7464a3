/** What `billing` is made of; its stages stand in the order in which money flows. */
import { Module } from '@nestjs/common';
import { stages } from '#platform/stage.ts';
import { BillingDetailsController, PaymentTermsController } from './accounts/billing-details.controller.ts';
import { BillingDetails } from './accounts/billing-details.ts';
import { PaymentMethodsController } from './accounts/payment-methods.controller.ts';
import { PaymentMethods } from './accounts/payment-methods.ts';
import { PayoutAccountsController } from './accounts/payout-accounts.controller.ts';
import { PayoutAccounts } from './accounts/payout-accounts.ts';
import { CollectDue } from './collect/collect-due.ts';
import { CollectPayment } from './collect/collect-payment.ts';
import { Collection } from './collect/collection.ts';
import { LinkPages } from './collect/link-pages.ts';
import { PaymentLinksController } from './collect/payment-links.controller.ts';
import { PaymentLinks } from './collect/payment-links.ts';
import { Settlements } from './collect/settlements.ts';
import { CreditsController } from './credit/credits.controller.ts';
import { Credits } from './credit/credits.ts';
import { ExpireCredit } from './credit/expire-credit.ts';
import { BankDisputes } from './dispute/bank-disputes.ts';
import { DisputesController } from './dispute/disputes.controller.ts';
import { Disputes } from './dispute/disputes.ts';
import { DunBuyer } from './dunning/dun-buyer.ts';
import { DunningController } from './dunning/dunning.controller.ts';
import { Dunning } from './dunning/dunning.ts';
import { WriteOffsController } from './dunning/write-offs.controller.ts';
import { WriteOffs } from './dunning/write-offs.ts';
import { Holds } from './dispute/holds.ts';
import { DayRecords } from './explain/day-records.ts';
import { ExplainController } from './explain/explain.controller.ts';
import { Explain } from './explain/explain.ts';
import { MoneyTrail } from './explain/money-trail.ts';
import { BillLate } from './invoice/bill-late.ts';
import { ClosePeriod } from './invoice/close-period.ts';
import { CreditNotesController } from './invoice/credit-notes.controller.ts';
import { CreditNotes } from './invoice/credit-notes.ts';
import { HeldClosesController } from './invoice/held-closes.controller.ts';
import { HeldCloses } from './invoice/held-closes.ts';
import { Drafts } from './invoice/drafts.ts';
import { InvoiceMaker } from './invoice/invoice-maker.ts';
import { InvoicesController } from './invoice/invoices.controller.ts';
import { Invoices } from './invoice/invoices.ts';
import { LineFacts } from './invoice/line-facts.ts';
import { Parties } from './invoice/parties.ts';
import { Audit } from './ledger/audit.ts';
import { LedgerController } from './ledger/ledger.controller.ts';
import { Ledger } from './ledger/ledger.ts';
import { ProveLedger } from './ledger/prove-ledger.ts';
import { SealJournals } from './ledger/seal-journals.ts';
import { LiveCostsController } from './live/live-costs.controller.ts';
import { LiveCosts } from './live/live-costs.ts';
import { LiveUsage } from './live/live-usage.ts';
import { PlatformController } from './operate/platform.controller.ts';
import { PlatformSummary } from './operate/platform.ts';
import { BankPayouts } from './payout/bank-payouts.ts';
import { EarningsController } from './payout/earnings.controller.ts';
import { Earnings } from './payout/earnings.ts';
import { EndReserve } from './payout/end-reserve.ts';
import { GiveBack } from './payout/give-back.ts';
import { PayOut } from './payout/pay-out.ts';
import { PayoutApprovals } from './payout/payout-approvals.ts';
import { PayoutForecastController } from './payout/payout-forecast.controller.ts';
import { PayoutForecast } from './payout/payout-forecast.ts';
import { PayoutPoliciesController } from './payout/payout-policies.controller.ts';
import { PayoutPolicies } from './payout/payout-policies.ts';
import { Reserves } from './payout/reserves.ts';
import { SendPayout } from './payout/send-payout.ts';
import { StatementsController } from './payout/statements.controller.ts';
import { Statements } from './payout/statements.ts';
import { Agreements } from './rate/agreements.ts';
import { Infrastructure } from './rate/infrastructure.ts';
import { LateUsage } from './rate/late-usage.ts';
import { Metered } from './rate/metered.ts';
import { MeteredRecords } from './rate/metered-records.ts';
import { OpenPeriod } from './rate/open-period.ts';
import { RateLate } from './rate/rate-late.ts';
import { RatePeriod } from './rate/rate-period.ts';
import { Rater } from './rate/rater.ts';
import { ReconcileStripe } from './reconcile/reconcile.ts';
import { ReconciliationsController } from './reconcile/reconciliations.controller.ts';
import { Reconciliations } from './reconcile/reconciliations.ts';
import { ClawBack } from './refund/claw-back.ts';
import { ClawBacks } from './refund/claw-backs.ts';
import { LineReturns } from './refund/line-returns.ts';
import { RefundNews } from './refund/refund-news.ts';
import { RefundsController } from './refund/refunds.controller.ts';
import { Refunds } from './refund/refunds.ts';
import { SendRefund } from './refund/send-refund.ts';
import { BuyerReports } from './reports/buyer-reports.ts';
import { PlatformReports } from './reports/platform-reports.ts';
import { ReportsController } from './reports/reports.controller.ts';
import { VendorReports } from './reports/vendor-reports.ts';
import { PriceSimulationsController } from './simulate/price-simulations.controller.ts';
import { PriceSimulations } from './simulate/price-simulations.ts';
import { FeeFacts } from './split/fee-facts.ts';
import { FeeReceipts } from './split/fee-receipts.ts';
import { FeeRulesController } from './split/fee-rules.controller.ts';
import { FeeRules } from './split/fee-rules.ts';
import { ReleaseShares } from './split/release-shares.ts';
import { ShareParts } from './split/share-parts.ts';
import { StripeCheckout } from './stripe/checkout.ts';
import { ExternalCalls } from './stripe/external-calls.ts';
import { StripeGateway } from './stripe/gateway.ts';
import { StripeListings } from './stripe/listings.ts';
import { StripeReturns } from './stripe/returns.ts';
import { ApplyEvent } from './webhook/apply-event.ts';
import { Inbox } from './webhook/inbox.ts';
import { SweepEvents } from './webhook/sweep-events.ts';
import { WebhookController } from './webhook/webhook.controller.ts';

@Module({
  controllers: [
    InvoicesController,
    PaymentLinksController,
    LiveCostsController,
    ExplainController,
    HeldClosesController,
    CreditNotesController,
    PriceSimulationsController,
    CreditsController,
    PaymentMethodsController,
    BillingDetailsController,
    PaymentTermsController,
    PayoutAccountsController,
    WebhookController,
    RefundsController,
    DisputesController,
    DunningController,
    WriteOffsController,
    FeeRulesController,
    EarningsController,
    PayoutPoliciesController,
    PayoutForecastController,
    StatementsController,
    ReportsController,
    LedgerController,
    ReconciliationsController,
    PlatformController,
  ],
  providers: [
    StripeGateway,
    StripeReturns,
    StripeCheckout,
    StripeListings,
    ExternalCalls,
    Ledger,
    Audit,
    Metered,
    MeteredRecords,
    Agreements,
    Infrastructure,
    Rater,
    LateUsage,
    Credits,
    LineFacts,
    FeeFacts,
    FeeRules,
    FeeReceipts,
    Drafts,
    InvoiceMaker,
    HeldCloses,
    CreditNotes,
    Invoices,
    LiveUsage,
    LiveCosts,
    DayRecords,
    MoneyTrail,
    Explain,
    PriceSimulations,
    PaymentMethods,
    BillingDetails,
    Parties,
    PayoutAccounts,
    Collection,
    Settlements,
    LinkPages,
    PaymentLinks,
    Inbox,
    Holds,
    ClawBacks,
    LineReturns,
    RefundNews,
    Refunds,
    BankDisputes,
    Disputes,
    Dunning,
    WriteOffs,
    PayoutPolicies,
    Reserves,
    GiveBack,
    PayoutApprovals,
    PayoutForecast,
    BankPayouts,
    Earnings,
    Statements,
    VendorReports,
    PlatformReports,
    BuyerReports,
    PlatformSummary,
    Reconciliations,
    ...stages(
      OpenPeriod,
      RatePeriod,
      RateLate,
      ClosePeriod,
      BillLate,
      ExpireCredit,
      CollectDue,
      CollectPayment,
      SweepEvents,
      ApplyEvent,
      DunBuyer,
      SendRefund,
      ReleaseShares,
      ShareParts,
      EndReserve,
      ClawBack,
      PayOut,
      SendPayout,
      SealJournals,
      ProveLedger,
      ReconcileStripe,
    ),
  ],
})
export class BillingModule {}
