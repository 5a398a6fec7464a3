/** Releases of a product. Submitting one rings the launcher, which copies, checks and boot-tests its image. */
import { Injectable } from '@nestjs/common';
import { DataSource, In } from 'typeorm';
import { DomainError } from '#domain/errors.ts';
import type { Caller } from '#platform/auth.ts';
import { Clock } from '#platform/clock.ts';
import { Doorbell } from '#platform/doorbell.ts';
import { newId } from '#platform/ids.ts';
import { Version } from '#tables/api/version.ts';
import { Image } from '#tables/launcher/image.ts';
import { ownProduct } from '../products/own-product.ts';
import type { NewVersion, VersionView } from './versions.schema.ts';

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
  ports: version.ports,
  userDataTemplate: version.userDataTemplate,
  dataVolumes: version.dataVolumes as VersionView['dataVolumes'],
  recommendedInstanceType: version.recommendedInstanceType,
  drainPath: version.drainPath,
  metricsPath: version.metricsPath,
  createdAt: version.createdAt.toISOString(),
  images: version.regions.map((region) => {
    const image = images.find((candidate) => candidate.region === region);
    return { region, state: image?.state ?? 'waiting', rejection: image?.rejection ?? null };
  }),
});
