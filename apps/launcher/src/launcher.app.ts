/** The app `launcher`, as platform runs it. */
import type { AppDefinition } from '#platform/app.ts';
import { Launch } from '#tables/api/launch.ts';
import { Product } from '#tables/api/product.ts';
import { Subscription } from '#tables/api/subscription.ts';
import { Version } from '#tables/api/version.ts';
import { Standing } from '#tables/billing/standing.ts';
import { ImageNotice } from '#tables/launcher/image-notice.ts';
import { ImageScan } from '#tables/launcher/image-scan.ts';
import { Image } from '#tables/launcher/image.ts';
import { Instance } from '#tables/launcher/instance.ts';
import { LaunchEvent } from '#tables/launcher/launch-event.ts';
import { RunInterval } from '#tables/launcher/run-interval.ts';
import { Snapshot } from '#tables/launcher/snapshot.ts';
import { Volume } from '#tables/launcher/volume.ts';
import { LauncherConfig, loadLauncherConfig } from './config.ts';
import { LauncherModule } from './launcher.module.ts';

export const launcher: AppDefinition<LauncherConfig> = {
  name: 'launcher',
  module: LauncherModule,
  entities: [
    Product,
    Version,
    Subscription,
    Launch,
    Standing,
    Image,
    ImageScan,
    ImageNotice,
    Instance,
    RunInterval,
    Volume,
    Snapshot,
    LaunchEvent,
  ],
  config: loadLauncherConfig,
  configToken: LauncherConfig,
};
