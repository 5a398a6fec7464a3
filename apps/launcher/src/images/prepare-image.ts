/**
 * Brings a version's image to each of its regions: the vendor's is looked at, copied, and followed until the copy can be booted;
 * from there on its run is ScanImage's. Reads api.version, writes launcher.image. Every key comes from the row, so that a step whose
 * answer was lost finds what it made.
 */
import { Injectable } from '@nestjs/common';
import { DataSource, In, IsNull } from 'typeorm';
import { SETTLE_SECONDS } from '#domain/fleet.ts';
import { checkSource } from '#domain/image-source.ts';
import { copyProgress, digestIn, fail, judgeCopy, noChecks, rejectionOf } from '#domain/image.ts';
import { Clock } from '#platform/clock.ts';
import { newId } from '#platform/ids.ts';
import { Stage } from '#platform/stage.ts';
import { Version } from '#tables/api/version.ts';
import { ImageScan } from '#tables/launcher/image-scan.ts';
import { Image } from '#tables/launcher/image.ts';
import { LauncherConfig } from '../config.ts';
import { isRefused } from '../ec2/ec2.errors.ts';
import { Ec2Images } from '../ec2/images.ts';
import { ownPlace } from '../ec2/place.ts';
import { LookAgain } from '../look-again.ts';
import { ImageRecords } from './image-records.ts';

/** By which our image and its snapshots are found again. */
const TAG = 'slipway:image';

@Injectable()
export class PrepareImage extends Stage {
  readonly queue = 'launcher.prepare-image';

  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly ec2: Ec2Images,
    private readonly records: ImageRecords,
    private readonly lookAgain: LookAgain,
    private readonly config: LauncherConfig,
  ) {
    super();
  }

  /** A region that was taken out of the version keeps its image, so regions are looked for one by one and not counted. */
  async due(): Promise<string[]> {
    const rows: Array<{ id: string }> = await this.db.query(
      `select version.id from api.version
       where exists (select from unnest(version.regions) offered(region)
                     where not exists (select from launcher.image where image.version_id = version.id and image.region = offered.region))
       union
       select image.version_id from launcher.image where image.state = 'copying'
       limit 300`,
    );
    return rows.map((row) => row.id);
  }

  async work(id: string): Promise<void> {
    const version = await this.db.manager.findOneBy(Version, { id });
    if (!version) return;
    await this.plan(version);
    const images = await this.db.manager.findBy(Image, { versionId: id, state: 'copying' });
    const scans = await this.db.manager.findBy(ImageScan, { imageId: In(images.map((image) => image.id)), endedAt: IsNull() });
    // A region in trouble does not hold the others back.
    const outcomes = await Promise.allSettled(
      scans.map((scan) =>
        this.step(
          version,
          images.find((image) => image.id === scan.imageId)!,
          scan,
        ),
      ),
    );
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failed) throw failed.reason;
    const youngest = Math.min(...images.map((image) => this.secondsSince(image.createdAt)));
    if (images.length > 0) this.lookAgain.soon(this.queue, id, youngest);
  }

  /** Each region gets an image, and each image its first run, which tells of the copying, too. */
  private async plan({ id, regions }: Version): Promise<void> {
    const now = this.clock.now();
    const images = regions.map((region) => ({
      id: newId(),
      versionId: id,
      region,
      state: 'copying' as const,
      checks: noChecks(),
      createdAt: now,
    }));
    await this.db.transaction(async (tx) => {
      await tx.createQueryBuilder().insert().into(Image).values(images).orIgnore().execute();
      const open = await tx.findBy(Image, { versionId: id, state: In(['copying', 'testing']) });
      const scans = open.map((image) => ({
        id: newId(),
        imageId: image.id,
        reason: 'first' as const,
        bootTest: true,
        checks: noChecks(),
        startedAt: now,
      }));
      if (scans.length > 0) await tx.createQueryBuilder().insert().into(ImageScan).values(scans).orIgnore().execute();
    });
  }

  private async step(version: Version, image: Image, scan: ImageScan): Promise<void> {
    return image.amiId ? this.watch(image, scan, image.amiId) : this.copy(version, image, scan);
  }

  private async copy(version: Version, image: Image, scan: ImageScan): Promise<void> {
    const { LAUNCH_REGIONS: sold } = this.config;
    if (!sold.includes(image.region)) {
      const reason = `Nothing is sold in ${image.region}; choose among ${sold.join(', ')}.`;
      return this.records.judge(scan, [fail('copies', reason)]);
    }
    const place = ownPlace(image.region);
    const made = await this.ec2.imageByTag(place, TAG, image.id);
    if (made !== 'missing') return this.copied(scan, made.imageId);

    const { sourceImageId, sourceRegion, operatingSystem } = version;
    const source = await this.ec2.image(ownPlace(sourceRegion), sourceImageId);
    const asked = { imageId: sourceImageId, region: sourceRegion, whose: 'vendor' as const, operatingSystem };
    const found = checkSource(source, asked, this.clock.now());
    if (source === 'missing' || rejectionOf(found)) return this.records.judge(scan, found);
    await this.records.note(scan, found, { image: { sourceDigest: digestIn(source.description) } });
    const tags = {
      Name: `slipway-${image.id}`,
      [TAG]: image.id,
      'slipway:version': version.id,
      'slipway:product': version.productId,
    };
    try {
      const copy = { token: image.id, name: `slipway-${image.id}`, sourceRegion, sourceImageId, tags };
      await this.copied(scan, await this.ec2.copyImage(place, copy));
    } catch (error) {
      if (!isRefused(error)) throw error;
      await this.records.judge(scan, [fail('copies', `It cannot be copied: ${error.message}`)]);
    }
  }

  private async copied(scan: ImageScan, amiId: string): Promise<void> {
    await this.records.note(scan, [], { image: { amiId, copiedAt: this.clock.now() } });
  }

  private async watch(image: Image, scan: ImageScan, amiId: string): Promise<void> {
    const place = ownPlace(image.region);
    const copy = await this.ec2.image(place, amiId);
    const verdict = judgeCopy(copy, this.secondsSince(image.copiedAt ?? image.createdAt), SETTLE_SECONDS);
    if (verdict === 'wait') {
      const progress = copyProgress(copy, await this.ec2.snapshotsByTag(place, TAG, image.id));
      // EC2's answers come out of order; a copy does not go backwards.
      if (progress === null || progress <= (image.progress ?? -1)) return;
      await this.records.note(scan, [], { image: { progress } });
      return;
    }
    if (copy === 'missing' || verdict.result === 'FAIL') return this.records.judge(scan, [verdict]);
    const { snapshotIds } = copy;
    await this.records.note(scan, [verdict], { image: { state: 'testing', progress: 100, snapshotIds } });
  }

  private secondsSince(instant: Date): number {
    return (this.clock.now().getTime() - instant.getTime()) / 1000;
  }
}
