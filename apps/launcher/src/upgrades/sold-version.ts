/** The version that a product is sold in now, which is the one to upgrade to. Reads api.version and listing. */
import type { EntityManager } from 'typeorm';
import { DomainError, missing } from '#domain/errors.ts';
import { Version } from '#tables/api/version.ts';

/**
 * What a product is sold in now is what its vendor stands by; others may have been withdrawn.
 * @throws DomainError `missing`, `version_not_offered`.
 */
export async function soldVersion(tx: EntityManager, productId: string, id: string): Promise<Version> {
  const version = await tx.findOneBy(Version, { id, productId });
  if (!version) throw missing('version');
  const [listing]: Array<{ version_id: string }> = await tx.query(
    'select listing.version_id from api.listing where listing.product_id = $1',
    [productId],
  );
  if (listing?.version_id !== id)
    throw new DomainError(
      'conflict',
      'version_not_offered',
      'The product is not sold in this version now; ask for the one that its listing names.',
    );
  return version;
}
