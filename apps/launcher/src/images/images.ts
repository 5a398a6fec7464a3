/** How far the images of a version are, for its vendor and for operators. Reads api.version and launcher.image. */
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { missing } from '#domain/errors.ts';
import { noChecks } from '#domain/image.ts';
import type { Caller } from '#platform/auth.ts';
import { Product } from '#tables/api/product.ts';
import { Version } from '#tables/api/version.ts';
import { Image } from '#tables/launcher/image.ts';
import type { ImageView } from './images.schema.ts';

@Injectable()
export class Images {
  constructor(private readonly db: DataSource) {}

  /**
   * One entry for each region of the version, in the version's order, and for those it was offered in before.
   * @throws DomainError `missing` for a foreign version.
   */
  async ofVersion(caller: Caller, versionId: string): Promise<ImageView[]> {
    const version = await this.db.manager.findOneBy(Version, { id: versionId });
    const product = version && (await this.db.manager.findOneBy(Product, { id: version.productId }));
    if (!version || (caller.kind === 'vendor' && product?.vendorId !== caller.organizationId)) throw missing('version');
    const images = await this.db.manager.findBy(Image, { versionId });
    return regionsOf(version, images).map((region) =>
      view(
        region,
        version,
        images.find((image) => image.region === region),
      ),
    );
  }
}

/** Where it is offered, and then where it was. */
const regionsOf = ({ regions }: Version, images: Image[]): string[] => [
  ...new Set([...regions, ...images.map(({ region }) => region).sort()]),
];

const view = (region: string, { regions }: Version, image: Image | undefined): ImageView => ({
  id: image?.id ?? null,
  region,
  state: image?.state ?? 'waiting',
  progress: image?.progress ?? null,
  restricted: !regions.includes(region),
  amiId: image?.amiId ?? null,
  snapshotIds: image?.snapshotIds ?? [],
  sourceDigest: image?.sourceDigest ?? null,
  checks: image?.checks ?? noChecks(),
  rejection: image?.rejection ?? null,
  readyAt: image?.readyAt?.toISOString() ?? null,
});
