/** What the sandbox keeps of an image, the state it is in at an instant, and who may see it. */
import { VendorError } from '../vendor-error.ts';
import type { Call } from './call.ts';
import { isThrough } from './lapse.ts';
import type { Software } from './software.ts';
import { idPattern } from './world.ts';

export interface Image {
  number: number;
  imageId: string;
  accountId: string;
  region: string;
  name: string;
  description?: string | undefined;
  architecture: 'x86_64' | 'arm64';
  /** Epoch milliseconds, the sandbox's time. */
  createdAt: number;
  /** How long it is pending: 0 for what the control port makes. */
  pendingMs: number;
  /** Ends as `failed` and not as `available`. */
  fails: boolean;
  /** False: an instance of it runs, and nothing ever answers there. */
  boots: boolean;
  software?: Software | undefined;
  /** A copy of it ends as `failed`. */
  copyFails: boolean;
  /** Whether a copy of it boots, for the copy that does not although its source did. */
  copiesBoot: boolean;
  /** Account ids, and `all` for everybody. */
  launchPermissions: string[];
  imdsSupport?: 'v2.0' | undefined;
  rootDeviceName: string;
  rootDeviceType: 'ebs' | 'instance-store';
  virtualizationType: 'hvm' | 'paravirtual';
  enaSupport: boolean;
  encrypted: boolean;
  snapshotId: string;
  volumeGiB: number;
  platformDetails: string;
  productCodes: string[];
  sourceImageId?: string | undefined;
  sourceRegion?: string | undefined;
}

export type ImageState = 'pending' | 'available' | 'failed';

export function imageState(image: Image, now: Date): ImageState {
  if (!isThrough(image.createdAt, image.pendingMs, now.getTime())) return 'pending';
  return image.fails ? 'failed' : 'available';
}

/** Its owner, those it is shared with, or everybody when it is public. */
export const maySee = (image: Image, accountId: string): boolean =>
  image.accountId === accountId || image.launchPermissions.includes(accountId) || image.launchPermissions.includes('all');

const IMAGE_ID = idPattern('ami');

/**
 * The image, if the caller may see it in the region.
 * @throws VendorError InvalidAMIID.Malformed or InvalidAMIID.NotFound; what is not shared with you does not exist for you.
 */
export function imageNamed({ world, accountId, region }: Pick<Call, 'world' | 'accountId' | 'region'>, imageId: string): Image {
  if (!IMAGE_ID.test(imageId)) throw new VendorError('InvalidAMIID.Malformed', `Invalid id: "${imageId}" (expecting "ami-...")`);
  const image = world.images.get(imageId);
  if (!image || image.region !== region || !maySee(image, accountId)) {
    throw new VendorError('InvalidAMIID.NotFound', `The image id '[${imageId}]' does not exist`);
  }
  return image;
}

/** @throws VendorError AuthFailure when the image is another account's. */
export function ownImageNamed(call: Call, imageId: string): Image {
  const image = imageNamed(call, imageId);
  if (image.accountId !== call.accountId) throw new VendorError('AuthFailure', `Not authorized for image:${imageId}`);
  return image;
}
