/** What `metering` is made of: it accepts usage on the AWS wire, counts the hours that machines run, and sums up days. */
import { Module } from '@nestjs/common';
import { stages } from '#platform/stage.ts';
import { Core } from './core.ts';
import { RollUp } from './rollup/roll-up.ts';
import { MeterRuntime } from './runtime/meter-runtime.ts';
import { InstanceSessionsController } from './sessions/sessions.controller.ts';
import { InstanceSessions } from './sessions/sessions.ts';
import { UsageController } from './usage/usage.controller.ts';
import { Usage } from './usage/usage.ts';
import { BatchMeterUsage } from './wire/operations/batch-meter-usage.ts';
import { MeterUsage } from './wire/operations/meter-usage.ts';
import { ResolveCustomer } from './wire/operations/resolve-customer.ts';
import { Signers } from './wire/signers.ts';
import { WireController } from './wire/wire.controller.ts';

@Module({
  controllers: [WireController, InstanceSessionsController, UsageController],
  providers: [
    Core,
    Signers,
    InstanceSessions,
    MeterUsage,
    BatchMeterUsage,
    ResolveCustomer,
    Usage,
    ...stages(MeterRuntime, RollUp),
  ],
})
export class MeteringModule {}
