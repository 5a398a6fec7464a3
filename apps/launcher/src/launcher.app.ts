/** The app `launcher`, as platform runs it. */
import type { AppDefinition } from '#platform/app.ts';
import { AwsConnection } from '#tables/api/aws-connection.ts';
import { Fleet } from '#tables/api/fleet.ts';
import { Launch } from '#tables/api/launch.ts';
import { Price, PriceVersion } from '#tables/api/price-version.ts';
import { Product } from '#tables/api/product.ts';
import { Subscription } from '#tables/api/subscription.ts';
import { Version } from '#tables/api/version.ts';
import { Standing } from '#tables/billing/standing.ts';
import { ConnectionCheck } from '#tables/launcher/connection-check.ts';
import { ImageShare } from '#tables/launcher/image-share.ts';
import { FleetMetric } from '#tables/launcher/fleet-metric.ts';
import { FleetReplacement } from '#tables/launcher/fleet-replacement.ts';
import { FleetUpgrade } from '#tables/launcher/fleet-upgrade.ts';
import { FleetState } from '#tables/launcher/fleet-state.ts';
import { ImageNotice } from '#tables/launcher/image-notice.ts';
import { ImageScan } from '#tables/launcher/image-scan.ts';
import { Image } from '#tables/launcher/image.ts';
import { InfrastructurePrice } from '#tables/launcher/infrastructure-price.ts';
import { Instance } from '#tables/launcher/instance.ts';
import { LaunchEvent } from '#tables/launcher/launch-event.ts';
import { RunInterval } from '#tables/launcher/run-interval.ts';
import { Snapshot } from '#tables/launcher/snapshot.ts';
import { RestoreTest } from '#tables/launcher/restore-test.ts';
import { Upgrade } from '#tables/launcher/upgrade.ts';
import { VolumeRestore } from '#tables/launcher/volume-restore.ts';
import { StraySweep } from '#tables/launcher/stray-sweep.ts';
import { Stray } from '#tables/launcher/stray.ts';
import { Volume } from '#tables/launcher/volume.ts';
import { LauncherConfig, loadLauncherConfig } from './config.ts';
import { LauncherModule } from './launcher.module.ts';
import { readCsvBodies } from './prices/csv-bodies.ts';

export const launcher: AppDefinition<LauncherConfig> = {
  name: 'launcher',
  module: LauncherModule,
  entities: [
    Product,
    Version,
    Subscription,
    AwsConnection,
    Launch,
    Standing,
    Image,
    ImageShare,
    ConnectionCheck,
    ImageScan,
    ImageNotice,
    Instance,
    RunInterval,
    Volume,
    Snapshot,
    VolumeRestore,
    Upgrade,
    RestoreTest,
    LaunchEvent,
    PriceVersion,
    Price,
    Fleet,
    InfrastructurePrice,
    FleetState,
    FleetUpgrade,
    FleetReplacement,
    FleetMetric,
    Stray,
    StraySweep,
  ],
  config: loadLauncherConfig,
  configToken: LauncherConfig,
  prepare: async (app) => readCsvBodies(app),
};
