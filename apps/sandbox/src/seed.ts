/**
 * What every fresh sandbox starts with: the platform's access key, and the images that the vendor Acme shares with it.
 *
 *   ami-0acce550000000001  acme-vault-1.0.0   boots
 *   ami-0acce550000000002  acme-vault-1.1.0   boots
 *   ami-0acce550000000bad  acme-vault-broken  runs and never answers: for boot tests that must fail
 *
 * All three are of account 222233334444, in us-east-1, x86_64. Account 333344445555 is the buyer
 * Globex; a role there exists once the control port has been told of it, as it would after Globex made one.
 */
import { Credentials, DEFAULT_KEY } from './credentials.ts';
import type { Image } from './ec2/image-state.ts';
import { NO_VOLUME } from './ec2/snapshot-state.ts';
import { newSnapshot } from './ec2/snapshots.ts';
import { newId, type World } from './ec2/world.ts';

export const ACME = '222233334444';

/** Does nothing to a store that was seeded before, so that what was deleted stays deleted. */
export function seed(world: World, credentials: Credentials): void {
  const done = world.store.table<boolean>('seeded');
  if (done.get('aws')) return;
  world.store.atomically(() => {
    credentials.addKey(DEFAULT_KEY);
    const shared = { accountId: ACME, launchPermissions: [DEFAULT_KEY.accountId] };
    addImage(world, { ...shared, imageId: 'ami-0acce550000000001', name: 'acme-vault-1.0.0', description: 'Acme Vault 1.0.0' });
    addImage(world, { ...shared, imageId: 'ami-0acce550000000002', name: 'acme-vault-1.1.0', description: 'Acme Vault 1.1.0' });
    addImage(world, {
      ...shared,
      imageId: 'ami-0acce550000000518',
      name: 'acme-postgresql-18.0',
      description: 'Acme PostgreSQL 18.0, which keeps its data on a volume apart',
    });
    addImage(world, {
      ...shared,
      imageId: 'ami-0acce550000000bad',
      name: 'acme-vault-broken',
      description: 'Acme Vault, an image that does not boot',
      boots: false,
    });
    done.set('aws', true);
  });
}

export type NewImage = Partial<Image> & Pick<Image, 'accountId' | 'name'>;

/** An image as its owner would have registered it: EBS-backed, HVM, ENA, unencrypted, available at once. */
export function addImage(world: World, image: NewImage): Image {
  const region = image.region ?? 'us-east-1';
  const made: Image = {
    number: world.store.next('image'),
    imageId: newId('ami'),
    region,
    architecture: 'x86_64',
    createdAt: world.clock.now().getTime(),
    pendingMs: 0,
    fails: false,
    boots: true,
    copyFails: false,
    copiesBoot: image.boots ?? true,
    launchPermissions: [],
    rootDeviceName: '/dev/xvda',
    rootDeviceType: 'ebs',
    virtualizationType: 'hvm',
    enaSupport: true,
    encrypted: false,
    snapshotId: image.snapshotId ?? rootSnapshot(world, image, region),
    volumeGiB: 8,
    platformDetails: 'Linux/UNIX',
    productCodes: [],
    ...image,
  };
  world.images.set(made.imageId, made);
  return made;
}

function rootSnapshot(
  world: World,
  { accountId, volumeGiB = 8, encrypted = false, pendingMs = 0 }: NewImage,
  region: string,
): string {
  const place = { world, accountId, region, now: world.clock.now() };
  const shape = { volumeId: NO_VOLUME, sizeGiB: volumeGiB, encrypted, takesMs: pendingMs };
  return newSnapshot(place, { ...shape, description: 'The root of an image' }).snapshotId;
}
