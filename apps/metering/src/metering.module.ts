/** What `metering` is made of: it accepts usage on the AWS wire, counts the hours that machines run, and sums up days. */
import { Module } from '@nestjs/common';
import { stages } from '#platform/stage.ts';
import { ConfirmInstanceController } from './confirm/confirm.controller.ts';
import { ConfirmInstance } from './confirm/confirm.ts';
import { Core } from './core.ts';
import { CorrectionsController } from './corrections/corrections.controller.ts';
import { Corrections } from './corrections/corrections.ts';
import { Entitlements } from './entitlements.ts';
import { Facts } from './facts.ts';
import { HeartbeatsController } from './heartbeats/heartbeats.controller.ts';
import { Heartbeats } from './heartbeats/heartbeats.ts';
import { SilencesController } from './heartbeats/silences.controller.ts';
import { Silences } from './heartbeats/silences.ts';
import { WatchHeartbeats } from './heartbeats/watch-heartbeats.ts';
import { ChainReceipts } from './receipts/chain-receipts.ts';
import { ReceiptKeys } from './receipts/receipt-keys.ts';
import { ReceiptsController } from './receipts/receipts.controller.ts';
import { Receipts } from './receipts/receipts.ts';
import { RollUp } from './rollup/roll-up.ts';
import { MeterRuntime } from './runtime/meter-runtime.ts';
import { RecordedHours } from './runtime/recorded-hours.ts';
import { CallerIdentity } from './sessions/caller-identity.ts';
import { InstanceSessionsController } from './sessions/sessions.controller.ts';
import { InstanceSessions } from './sessions/sessions.ts';
import { EventIdentities } from './usage/event-identities.ts';
import { EventsController } from './usage/events.controller.ts';
import { Events } from './usage/events.ts';
import { ReportSubjects } from './usage/report-subjects.ts';
import { ReportUsage } from './usage/report-usage.ts';
import { UsageController } from './usage/usage.controller.ts';
import { KeepDays } from './usage/keep-days.ts';
import { UsageDatabase } from './usage/usage-database.ts';
import { UsageRecords } from './usage/usage-records.ts';
import { UsageWriter } from './usage/usage-writer.ts';
import { Usage } from './usage/usage.ts';
import { CborController } from './wire/cbor.controller.ts';
import { BatchMeterUsage } from './wire/operations/batch-meter-usage.ts';
import { GetEntitlements } from './wire/operations/get-entitlements.ts';
import { MeterUsage } from './wire/operations/meter-usage.ts';
import { RegisterUsage } from './wire/operations/register-usage.ts';
import { ResolveCustomer } from './wire/operations/resolve-customer.ts';
import { KeyUseController } from './wire/key-use.controller.ts';
import { KeyUse } from './wire/key-use.ts';
import { Signers } from './wire/signers.ts';
import { Throttle } from './wire/throttle.ts';
import { WireController } from './wire/wire.controller.ts';

@Module({
  controllers: [
    WireController,
    CborController,
    KeyUseController,
    InstanceSessionsController,
    UsageController,
    EventsController,
    CorrectionsController,
    ConfirmInstanceController,
    HeartbeatsController,
    SilencesController,
    ReceiptsController,
  ],
  providers: [
    Core,
    Facts,
    Entitlements,
    KeyUse,
    Signers,
    Throttle,
    CallerIdentity,
    InstanceSessions,
    MeterUsage,
    BatchMeterUsage,
    ResolveCustomer,
    RegisterUsage,
    GetEntitlements,
    UsageDatabase,
    UsageWriter,
    UsageRecords,
    Usage,
    ReportSubjects,
    ReportUsage,
    EventIdentities,
    Events,
    RecordedHours,
    Corrections,
    ConfirmInstance,
    Heartbeats,
    Silences,
    ReceiptKeys,
    Receipts,
    ...stages(KeepDays, MeterRuntime, WatchHeartbeats, RollUp, ChainReceipts),
  ],
})
export class MeteringModule {}
