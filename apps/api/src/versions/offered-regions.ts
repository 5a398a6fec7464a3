/** Where buyers may launch a version: where it is offered and its image is ready. Reads launcher.image. */
import type { EntityManager } from 'typeorm';
import type { Version } from '#tables/api/version.ts';
import { Image } from '#tables/launcher/image.ts';

/** In the version's order. A region that was added later is among them once its image passed every control there. */
export async function offeredRegions(tx: EntityManager, { id, regions }: Version): Promise<string[]> {
  const ready = await tx.findBy(Image, { versionId: id, state: 'ready' });
  return regions.filter((region) => ready.some((image) => image.region === region));
}
