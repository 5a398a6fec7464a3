/** The app `metering`, as platform runs it. */
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { AppDefinition } from '#platform/app.ts';
import { Organization } from '#tables/api/organization.ts';
import { Price } from '#tables/api/price-version.ts';
import { Product } from '#tables/api/product.ts';
import { RegistrationToken } from '#tables/api/registration-token.ts';
import { Subscription } from '#tables/api/subscription.ts';
import { VendorKey } from '#tables/api/vendor-key.ts';
import { Image } from '#tables/launcher/image.ts';
import { Instance } from '#tables/launcher/instance.ts';
import { RunInterval } from '#tables/launcher/run-interval.ts';
import { InstanceBinding, InstanceSession } from '#tables/metering/instance-session.ts';
import { UsageRecord } from '#tables/metering/usage-record.ts';
import { UsageRollup } from '#tables/metering/usage-rollup.ts';
import { loadMeteringConfig, MeteringConfig } from './config.ts';
import { MeteringModule } from './metering.module.ts';
import { keepWireBodies } from './wire/wire.bodies.ts';

export const metering: AppDefinition<MeteringConfig> = {
  name: 'metering',
  module: MeteringModule,
  entities: [
    Organization,
    Product,
    Price,
    Subscription,
    RegistrationToken,
    VendorKey,
    Image,
    Instance,
    RunInterval,
    InstanceSession,
    InstanceBinding,
    UsageRecord,
    UsageRollup,
  ],
  config: loadMeteringConfig,
  configToken: MeteringConfig,
  prepare: async (app: NestFastifyApplication) => keepWireBodies(app),
};
