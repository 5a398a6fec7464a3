/** The app `metering`, as platform runs it. */
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { AppDefinition } from '#platform/app.ts';
import { Organization } from '#tables/api/organization.ts';
import { Price } from '#tables/api/price-version.ts';
import { ProductKey } from '#tables/api/product-key.ts';
import { Product } from '#tables/api/product.ts';
import { RegistrationToken } from '#tables/api/registration-token.ts';
import { Subscription } from '#tables/api/subscription.ts';
import { VendorKey } from '#tables/api/vendor-key.ts';
import { Image } from '#tables/launcher/image.ts';
import { Instance } from '#tables/launcher/instance.ts';
import { RunInterval } from '#tables/launcher/run-interval.ts';
import { Heartbeat } from '#tables/metering/heartbeat.ts';
import { InstanceBinding, InstanceSession } from '#tables/metering/instance-session.ts';
import { Silence } from '#tables/metering/silence.ts';
import { UsageCorrection } from '#tables/metering/usage-correction.ts';
import { UsageRegistration } from '#tables/metering/usage-registration.ts';
import { UsageReceipt } from '#tables/metering/usage-receipt.ts';
import { UsageRecord } from '#tables/metering/usage-record.ts';
import { UsageRollup } from '#tables/metering/usage-rollup.ts';
import { loadMeteringConfig, MeteringConfig } from './config.ts';
import { MeteringModule } from './metering.module.ts';
import { readEventBodies } from './usage/events.http.ts';
import { keepWireBodies } from './wire/wire.bodies.ts';

export const metering: AppDefinition<MeteringConfig> = {
  name: 'metering',
  module: MeteringModule,
  entities: [
    Organization,
    Product,
    ProductKey,
    Price,
    Subscription,
    RegistrationToken,
    VendorKey,
    Image,
    Instance,
    RunInterval,
    InstanceSession,
    InstanceBinding,
    UsageRegistration,
    UsageRecord,
    UsageReceipt,
    UsageRollup,
    UsageCorrection,
    Heartbeat,
    Silence,
  ],
  config: loadMeteringConfig,
  configToken: MeteringConfig,
  databases: ({ DATABASE_URL, METERING_DATABASE_URL: own }) => (own === undefined ? {} : { ownUrl: own, otherUrl: DATABASE_URL }),
  prepare: async (app: NestFastifyApplication) => {
    keepWireBodies(app);
    readEventBodies(app);
  },
};
