/** Each run over an image, and what is told about images that are sold, for their vendor and for operators. */
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { missing } from '#domain/errors.ts';
import type { Caller } from '#platform/auth.ts';
import { ImageNotice } from '#tables/launcher/image-notice.ts';
import { ImageScan } from '#tables/launcher/image-scan.ts';
import type { NoticeQuery, NoticeView, ScanView } from './scans.schema.ts';

/** The vendor whose rows alone a caller may see; null: everybody's. */
const vendorOf = ({ kind, organizationId }: Caller): string | null => (kind === 'operator' ? null : organizationId);

@Injectable()
export class Scans {
  constructor(private readonly db: DataSource) {}

  /**
   * The newest 200, latest first.
   * @throws DomainError `missing` for a foreign image.
   */
  async ofImage(caller: Caller, imageId: string): Promise<ScanView[]> {
    const [image] = await this.db.query(
      `select from launcher.image join api.version on version.id = image.version_id join api.product on product.id = version.product_id
       where image.id = $1 and ($2::uuid is null or product.vendor_id = $2)`,
      [imageId, vendorOf(caller)],
    );
    if (!image) throw missing('image');
    const scans = await this.db.manager.find(ImageScan, { where: { imageId }, order: { startedAt: 'desc' }, take: 200 });
    return scans.map(scanView);
  }

  /** The newest 200 about the caller's products, latest first; an operator sees all. */
  async notices(caller: Caller, state: NoticeQuery['state']): Promise<NoticeView[]> {
    const rows: NoticeRow[] = await this.db.query(
      `select image_notice.id, image_notice.kind, image_notice.image_id, image_notice.scan_id, image_notice.instance_id, image_notice.reason,
         image_notice.created_at, image_notice.resolved_at, image.region, image.version_id, version.title, product.id as product_id, product.name
       from launcher.image_notice join launcher.image on image.id = image_notice.image_id
       join api.version on version.id = image.version_id join api.product on product.id = version.product_id
       where ($1::uuid is null or product.vendor_id = $1) and ($2 or image_notice.resolved_at is null)
       order by image_notice.created_at desc, image_notice.id limit 200`,
      [vendorOf(caller), state === 'all'],
    );
    return rows.map(noticeView);
  }
}

const scanView = (scan: ImageScan): ScanView => ({
  id: scan.id,
  reason: scan.reason,
  bootTest: scan.bootTest,
  startedAt: scan.startedAt.toISOString(),
  endedAt: scan.endedAt?.toISOString() ?? null,
  passed: scan.endedAt && scan.failure === null,
  failure: scan.failure,
  checks: scan.checks,
});

interface NoticeRow {
  id: string;
  kind: ImageNotice['kind'];
  image_id: string;
  scan_id: string | null;
  instance_id: string | null;
  reason: string;
  created_at: Date;
  resolved_at: Date | null;
  region: string;
  version_id: string;
  title: string;
  product_id: string;
  name: string;
}

const noticeView = (row: NoticeRow): NoticeView => ({
  id: row.id,
  kind: row.kind,
  imageId: row.image_id,
  versionId: row.version_id,
  version: row.title,
  productId: row.product_id,
  product: row.name,
  region: row.region,
  scanId: row.scan_id,
  instanceId: row.instance_id,
  reason: row.reason,
  createdAt: row.created_at.toISOString(),
  resolvedAt: row.resolved_at?.toISOString() ?? null,
});
