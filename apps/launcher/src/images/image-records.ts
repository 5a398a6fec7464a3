/**
 * Writes down what a run found: in the run itself, in the image that it is about, and, where the image is sold already, as a
 * notice. Every writing starts from the run as it was read, so that of two workers one writes.
 */
import { Injectable } from '@nestjs/common';
import { DataSource, IsNull, type EntityManager } from 'typeorm';
import { noticeChange } from '#domain/image-scan.ts';
import { rejectionOf, withResults, withSeen, type Check } from '#domain/image.ts';
import { Clock } from '#platform/clock.ts';
import { Doorbell } from '#platform/doorbell.ts';
import { newId } from '#platform/ids.ts';
import { ImageNotice } from '#tables/launcher/image-notice.ts';
import { ImageScan } from '#tables/launcher/image-scan.ts';
import { Image } from '#tables/launcher/image.ts';

/** What a step knows anew, besides results of controls. Of the image it is written only while that is being copied. */
export interface Findings {
  image?: Partial<Pick<Image, 'state' | 'amiId' | 'copiedAt' | 'progress' | 'snapshotIds' | 'sourceDigest'>>;
  scan?: Partial<Pick<ImageScan, 'lookedAt' | 'bootTest' | 'groupId' | 'attemptedAt' | 'ec2InstanceId' | 'answeredAt' | 'tries'>>;
}

@Injectable()
export class ImageRecords {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly doorbell: Doorbell,
  ) {}

  /**
   * The run is not over. Rings for its next step when the image has come to its boot test.
   * @returns false when somebody else has ended it meanwhile.
   */
  async note(scan: ImageScan, results: Check[], { image: ofImage = {}, scan: ofScan = {} }: Findings = {}): Promise<boolean> {
    return this.db.transaction(async (tx) => {
      const held = await this.hold(tx, scan);
      if (!held) return false;
      await tx.update(ImageScan, { id: scan.id }, { ...ofScan, checks: withResults(held.scan.checks, results) });
      const isCopying = held.image.state === 'copying';
      await tx.update(
        Image,
        { id: scan.imageId },
        { ...(isCopying ? ofImage : {}), checks: withSeen(held.image.checks, results) },
      );
      if (ofImage.state === 'testing') await this.doorbell.ring(tx, 'launcher.scan-image', scan.imageId);
      return true;
    });
  }

  /** The verdict: these results are the run's last. What it left in EC2 is cleaned up afterwards. */
  async judge(scan: ImageScan, results: Check[], { scan: ofScan = {} }: Findings = {}): Promise<void> {
    await this.db.transaction(async (tx) => {
      const held = await this.hold(tx, scan);
      if (!held) return;
      const now = this.clock.now();
      const ended = { ...held.scan, ...ofScan, checks: withResults(held.scan.checks, results) };
      const failure = rejectionOf(ended.checks);
      const leavesNothing = ended.groupId === null && ended.attemptedAt === null;
      await tx.update(
        ImageScan,
        { id: scan.id },
        { ...ofScan, checks: ended.checks, failure, endedAt: now, cleanedAt: leavesNothing ? now : null },
      );
      const checks = withSeen(held.image.checks, results);
      if (scan.reason === 'first') {
        const verdict = failure ? { state: 'rejected' as const, rejection: failure } : { state: 'ready' as const, readyAt: now };
        await tx.update(Image, { id: scan.imageId }, { checks, ...verdict });
      } else {
        await tx.update(Image, { id: scan.imageId }, { checks });
        await this.tell(tx, scan, rejectionOf(checks), now);
      }
    });
  }

  /** What is left to do in EC2 after the verdict. */
  async clean(scan: ImageScan, left: Partial<Pick<ImageScan, 'ec2InstanceId' | 'groupId' | 'cleanedAt'>>): Promise<void> {
    await this.db.manager.update(ImageScan, { id: scan.id, cleanedAt: IsNull() }, left);
  }

  /** An image that is sold stays on sale; its vendor and operators are told, once for each reason. */
  private async tell(tx: EntityManager, scan: ImageScan, failing: string | null, now: Date): Promise<void> {
    const open = await tx.findOneBy(ImageNotice, { imageId: scan.imageId, kind: 'scan_failed', resolvedAt: IsNull() });
    const change = noticeChange(open?.reason ?? null, failing);
    if (change.close && open) await tx.update(ImageNotice, { id: open.id }, { resolvedAt: now });
    if (change.open === null) return;
    const notice = { id: newId(), imageId: scan.imageId, kind: 'scan_failed' as const, scanId: scan.id, createdAt: now };
    await tx.insert(ImageNotice, { ...notice, reason: change.open });
  }

  /** Holds image and run, in this order everywhere; null when somebody else has ended the run. */
  private async hold(tx: EntityManager, { id, imageId }: ImageScan): Promise<{ image: Image; scan: ImageScan } | null> {
    const lock = { mode: 'pessimistic_write' } as const;
    const image = await tx.findOneOrFail(Image, { where: { id: imageId }, lock });
    const scan = await tx.findOne(ImageScan, { where: { id, endedAt: IsNull() }, lock });
    return scan && { image, scan };
  }
}
