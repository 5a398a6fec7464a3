/** Releases of a product. Submitting one rings the launcher, which copies, checks and boot-tests its image. */
import { Injectable } from '@nestjs/common';
import { DataSource, In, type EntityManager } from 'typeorm';
import { DomainError, missing } from '#domain/errors.ts';
import type { Caller } from '#platform/auth.ts';
import { Clock } from '#platform/clock.ts';
import { Doorbell } from '#platform/doorbell.ts';
import { newId } from '#platform/ids.ts';
import { Product } from '#tables/api/product.ts';
import { Version } from '#tables/api/version.ts';
import { Image } from '#tables/launcher/image.ts';
import { ownProduct } from '../products/own-product.ts';
import { MAX_REGIONS, type NewVersion, type VersionView } from './versions.schema.ts';

@Injectable()
export class Versions {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly doorbell: Doorbell,
  ) {}

  /** @throws DomainError `missing` for a foreign product, `version_exists` when the title is taken. */
  async submit(caller: Caller, productId: string, given: NewVersion): Promise<VersionView> {
    return this.db.transaction(async (tx) => {
      await ownProduct(tx, caller, productId);
      const version: Version = {
        id: newId(),
        productId,
        title: given.title,
        notes: given.notes,
        sourceImageId: given.imageId,
        sourceRegion: given.imageRegion,
        regions: [...new Set(given.regions)],
        instanceTypes: [...new Set(given.instanceTypes)],
        urlTemplate: given.urlTemplate,
        healthPath: given.healthPath,
        operatingSystem: given.operatingSystem,
        ports: given.ports,
        userDataTemplate: given.userDataTemplate,
        dataVolumes: given.dataVolumes,
        recommendedInstanceType: given.recommendedInstanceType,
        drainPath: given.drainPath,
        metricsPath: given.metricsPath,
        createdAt: this.clock.now(),
      };
      const inserted = await tx.createQueryBuilder().insert().into(Version).values(version).orIgnore().returning('id').execute();
      if (inserted.raw.length === 0) {
        throw new DomainError(
          'conflict',
          'version_exists',
          `This product has a version "${given.title}" already; versions never change, so choose another title.`,
        );
      }
      await this.doorbell.ring(tx, 'launcher.prepare-image', version.id);
      return view(version, []);
    });
  }

  /** @throws DomainError `missing` for a foreign version. */
  async get(caller: Caller, id: string): Promise<VersionView> {
    return viewOf(this.db.manager, await ownVersion(this.db.manager, caller, id));
  }

  /**
   * Offers a version in more regions; in each, buyers see it once its image is ready there. Adding one twice is the same as once.
   * @throws DomainError `missing` for a foreign version, `too_many_regions`.
   */
  async addRegions(caller: Caller, id: string, added: string[]): Promise<VersionView> {
    return this.db.transaction(async (tx) => {
      const version = await ownVersion(tx, caller, id, { hold: true });
      const regions = [...new Set([...version.regions, ...added])];
      if (regions.length > MAX_REGIONS)
        throw new DomainError('conflict', 'too_many_regions', `A version is offered in ${MAX_REGIONS} regions at most.`);
      await tx.update(Version, { id }, { regions });
      await this.doorbell.ring(tx, 'launcher.prepare-image', id);
      return viewOf(tx, { ...version, regions });
    });
  }

  /**
   * Offers a version no longer in a region: nothing new is launched there, what runs keeps running.
   * @throws DomainError `missing` for a foreign version or a region that it is not offered in, `last_region`.
   */
  async restrictRegion(caller: Caller, id: string, region: string): Promise<VersionView> {
    return this.db.transaction(async (tx) => {
      const version = await ownVersion(tx, caller, id, { hold: true });
      if (!version.regions.includes(region)) throw missing('region');
      const regions = version.regions.filter((offered) => offered !== region);
      if (regions.length === 0) {
        throw new DomainError(
          'conflict',
          'last_region',
          'A version is offered in one region at least; add another first, or take the product off the storefront.',
        );
      }
      await tx.update(Version, { id }, { regions });
      return viewOf(tx, { ...version, regions });
    });
  }

  async list(caller: Caller, productId: string): Promise<VersionView[]> {
    await ownProduct(this.db.manager, caller, productId);
    const versions = await this.db.manager.find(Version, { where: { productId }, order: { createdAt: 'desc' } });
    const images = await this.db.manager.findBy(Image, { versionId: In(versions.map((version) => version.id)) });
    return versions.map((version) =>
      view(
        version,
        images.filter((image) => image.versionId === version.id),
      ),
    );
  }
}

/** @param hold until the transaction ends, so that two changes of its regions follow one another. */
async function ownVersion(tx: EntityManager, caller: Caller, id: string, { hold = false } = {}): Promise<Version> {
  const version = await tx.findOne(Version, { where: { id }, ...(hold ? { lock: { mode: 'pessimistic_write' } } : {}) });
  const isOwn = version && (await tx.existsBy(Product, { id: version.productId, vendorId: caller.organizationId }));
  if (!isOwn) throw missing('version');
  return version;
}

const viewOf = async (tx: EntityManager, version: Version): Promise<VersionView> =>
  view(version, await tx.findBy(Image, { versionId: version.id }));

const view = (version: Version, images: Image[]): VersionView => ({
  id: version.id,
  productId: version.productId,
  title: version.title,
  notes: version.notes,
  imageId: version.sourceImageId,
  imageRegion: version.sourceRegion,
  instanceTypes: version.instanceTypes,
  urlTemplate: version.urlTemplate,
  healthPath: version.healthPath,
  operatingSystem: version.operatingSystem,
  ports: version.ports,
  userDataTemplate: version.userDataTemplate,
  dataVolumes: version.dataVolumes as VersionView['dataVolumes'],
  recommendedInstanceType: version.recommendedInstanceType,
  drainPath: version.drainPath,
  metricsPath: version.metricsPath,
  createdAt: version.createdAt.toISOString(),
  images: regionsOf(version, images).map((region) => {
    const image = images.find((candidate) => candidate.region === region);
    return {
      region,
      state: image?.state ?? 'waiting',
      progress: image?.progress ?? null,
      rejection: image?.rejection ?? null,
      restricted: !version.regions.includes(region),
    };
  }),
});

/** Where it is offered, and then where it was: the image stays there for who runs it. */
const regionsOf = ({ regions }: Version, images: Image[]): string[] => [
  ...new Set([...regions, ...images.map(({ region }) => region).sort()]),
];
