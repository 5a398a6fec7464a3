/** The storefront. A product is listed when it has a price and its image passed every check in every region. */
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { DomainError, missing } from '#domain/errors.ts';
import type { Caller } from '#platform/auth.ts';
import { Clock } from '#platform/clock.ts';
import { Doorbell } from '#platform/doorbell.ts';
import { Listing } from '#tables/api/listing.ts';
import { Version } from '#tables/api/version.ts';
import { Image } from '#tables/launcher/image.ts';
import { offerView, standingOffer } from '../offers/offers.ts';
import { ownProduct } from '../products/own-product.ts';
import { offeredRegions } from '../versions/offered-regions.ts';
import type { ListingQuery, ListingSummary, ListingView, NewListing } from './listings.schema.ts';

@Injectable()
export class Listings {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly doorbell: Doorbell,
  ) {}

  /**
   * Lists a product, or changes its listing.
   * @throws DomainError `missing` for a foreign product or version; `offer_missing`, `image_not_ready`, `slug_taken`.
   */
  async publish(caller: Caller, productId: string, given: NewListing): Promise<ListingView> {
    return this.db.transaction(async (tx) => {
      await ownProduct(tx, caller, productId);
      const version = await tx.findOneBy(Version, { id: given.versionId, productId });
      if (!version) throw missing('version');
      if (!(await standingOffer(tx, productId)))
        throw new DomainError('conflict', 'offer_missing', 'Set a price first: PUT /v1/products/:id/offer.');
      await assertReady(tx, version);
      const other = await tx.findOneBy(Listing, { slug: given.slug });
      if (other && other.productId !== productId)
        throw new DomainError('conflict', 'slug_taken', `"${given.slug}" is taken; choose another.`);
      await tx.upsert(
        Listing,
        {
          productId,
          slug: given.slug,
          summary: given.summary,
          description: given.description,
          category: given.category,
          state: 'public',
          versionId: version.id,
          listedAt: this.clock.now(),
        },
        ['productId'],
      );
      // Who has subscribed already may launch this version from now on.
      await this.doorbell.ring(tx, 'launcher.share-images', productId);
      return this.view(tx, given.slug);
    });
  }

  /** Takes a product off the storefront for new buyers; who has subscribed keeps it. */
  async restrict(caller: Caller, productId: string): Promise<void> {
    await ownProduct(this.db.manager, caller, productId);
    const { affected } = await this.db.manager.update(Listing, { productId }, { state: 'restricted' });
    if (!affected) throw missing('listing');
  }

  async browse({ q, category, limit, offset }: ListingQuery): Promise<ListingSummary[]> {
    const rows = await this.db.query(
      `${SUMMARY} where listing.state = 'public' and ($1::text is null or listing.category = $1)
         and ($2::text is null or product.name || ' ' || listing.summary ilike '%' || $2 || '%')
       order by listing.listed_at desc, listing.product_id limit $3 offset $4`,
      [category ?? null, q ? q.replaceAll(/[%_\\]/g, '\\$&') : null, limit, offset],
    );
    return rows.map(summary);
  }

  /** A public listing, with the standing offer. */
  show(slug: string): Promise<ListingView> {
    return this.view(this.db.manager, slug);
  }

  private async view(tx: EntityManager, slug: string): Promise<ListingView> {
    const [row] = await tx.query(`${SUMMARY} where listing.slug = $1 and listing.state = 'public'`, [slug]);
    if (!row) throw missing('listing');
    const version = await tx.findOneByOrFail(Version, { id: row.version_id });
    const offer = await standingOffer(tx, row.product_id);
    if (!offer) throw missing('listing');
    return {
      ...summary(row),
      description: row.description,
      version: {
        id: version.id,
        title: version.title,
        regions: await offeredRegions(tx, version),
        instanceTypes: version.instanceTypes,
      },
      offer: await offerView(tx, offer, this.clock.now()),
    };
  }
}

/** @throws DomainError `image_not_ready` naming each region and what it waits for. */
async function assertReady(tx: EntityManager, version: Version): Promise<void> {
  const images = await tx.findBy(Image, { versionId: version.id });
  const waiting = version.regions.flatMap((region) => {
    const image = images.find((candidate) => candidate.region === region);
    if (image?.state === 'ready') return [];
    return [`${region}: ${image?.rejection ?? image?.state ?? 'waiting'}`];
  });
  if (waiting.length > 0)
    throw new DomainError(
      'conflict',
      'image_not_ready',
      `The image is not ready to sell everywhere (${waiting.join('; ')}). Wait for it, or restrict the version to the other regions: DELETE /v1/versions/:id/regions/:region.`,
    );
}

const SUMMARY = `select listing.*, product.name, organization.name as vendor from api.listing
  join api.product on product.id = listing.product_id join api.organization on organization.id = product.vendor_id`;

interface SummaryRow {
  product_id: string;
  slug: string;
  name: string;
  vendor: string;
  summary: string;
  category: string;
  state: ListingSummary['state'];
  listed_at: Date;
}

const summary = (row: SummaryRow): ListingSummary => ({
  productId: row.product_id,
  slug: row.slug,
  name: row.name,
  vendor: row.vendor,
  summary: row.summary,
  category: row.category,
  state: row.state,
  listedAt: row.listed_at.toISOString(),
});
