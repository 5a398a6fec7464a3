/**
 * What every fresh sandbox starts with: the platform's access key, and the images that the vendor Acme shares with it.
 *
 *   ami-0acce550000000001  acme-vault-1.0.0     boots
 *   ami-0acce550000000002  acme-vault-1.1.0     boots
 *   ami-0acce550000000518  acme-postgresql-18.0 keeps its data on a volume apart
 *   ami-0acce550000000a9e  acme-vault-agent     runs the agent command
 *
 * and for boot tests that must fail
 *
 *   ami-0acce550000000bad  acme-vault-broken    runs and never answers
 *   ami-0acce550000000ba1  acme-vault-password  SSH takes passwords, admin's is admin
 *   ami-0acce550000000ba2  acme-vault-root      SSH lets root in
 *   ami-0acce550000000ba3  acme-vault-imdsv1    needs metadata without a token
 *
 * All are of account 222233334444, in us-east-1, x86_64. Account 333344445555 is the buyer
 * Globex; a role there exists once the control port has been told of it, as it would after Globex made one.
 */
import { Credentials, DEFAULT_KEY } from './credentials.ts';
import type { Image } from './ec2/image-state.ts';
import { NO_VOLUME } from './ec2/snapshot-state.ts';
import { newSnapshot } from './ec2/snapshots.ts';
import { newId, type World } from './ec2/world.ts';

export const ACME = '222233334444';

const ACMES: Array<Partial<Image> & Pick<Image, 'name'>> = [
  { imageId: 'ami-0acce550000000001', name: 'acme-vault-1.0.0', description: 'Acme Vault 1.0.0' },
  { imageId: 'ami-0acce550000000002', name: 'acme-vault-1.1.0', description: 'Acme Vault 1.1.0' },
  {
    imageId: 'ami-0acce550000000518',
    name: 'acme-postgresql-18.0',
    description: 'Acme PostgreSQL 18.0, which keeps its data on a volume apart',
  },
  {
    imageId: 'ami-0acce550000000bad',
    name: 'acme-vault-broken',
    description: 'Acme Vault, an image that does not boot',
    boots: false,
  },
  {
    imageId: 'ami-0acce550000000a9e',
    name: 'acme-vault-agent',
    description: 'Acme Vault with an agent that reports usage',
    software: { runsAgent: true },
  },
  {
    imageId: 'ami-0acce550000000ba1',
    name: 'acme-vault-password',
    description: 'Acme Vault, careless: SSH takes passwords',
    software: { passwordLogin: true },
  },
  {
    imageId: 'ami-0acce550000000ba2',
    name: 'acme-vault-root',
    description: 'Acme Vault, careless: SSH lets root in',
    software: { rootLogin: true },
  },
  {
    imageId: 'ami-0acce550000000ba3',
    name: 'acme-vault-imdsv1',
    description: 'Acme Vault, dated: needs metadata without a token',
    software: { needsImdsV1: true },
  },
];

/** Does nothing to a store that was seeded before, so that what was deleted stays deleted. */
export function seed(world: World, credentials: Credentials): void {
  const done = world.store.table<boolean>('seeded');
  if (done.get('aws')) return;
  world.store.atomically(() => {
    credentials.addKey(DEFAULT_KEY);
    for (const image of ACMES) addImage(world, { accountId: ACME, launchPermissions: [DEFAULT_KEY.accountId], ...image });
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
