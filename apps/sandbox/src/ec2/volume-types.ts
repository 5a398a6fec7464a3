/** The types of volumes and what each allows (EBS User Guide, "Amazon EBS volume types"). */
import { VendorError } from '../vendor-error.ts';

interface Limits {
  sizeGiB: [number, number];
  /** Absent: the caller may not choose. */
  iops?: [number, number];
  throughput?: [number, number];
}

const LIMITS = {
  gp3: { sizeGiB: [1, 65_536], iops: [3000, 80_000], throughput: [125, 2000] },
  gp2: { sizeGiB: [1, 16_384] },
  io1: { sizeGiB: [4, 16_384], iops: [100, 64_000] },
  io2: { sizeGiB: [4, 65_536], iops: [100, 256_000] },
  st1: { sizeGiB: [125, 16_384] },
  sc1: { sizeGiB: [125, 16_384] },
  standard: { sizeGiB: [1, 1024] },
} satisfies Record<string, Limits>;

export type VolumeType = keyof typeof LIMITS;

export interface VolumeShape {
  type: VolumeType;
  sizeGiB: number;
  iops?: number | undefined;
  throughput?: number | undefined;
}

interface Asked {
  type: string | undefined;
  sizeGiB: number;
  iops?: number | undefined;
  throughput?: number | undefined;
}

/**
 * The shape of a volume with what EBS adds to what was asked for: gp2 unless said otherwise, 3,000 IOPS for gp3.
 * @throws VendorError UnknownVolumeType, InvalidParameterValue or InvalidParameterCombination.
 */
export function volumeShape({ type = 'gp2', sizeGiB, iops, throughput }: Asked): VolumeShape {
  if (!isVolumeType(type)) throw new VendorError('UnknownVolumeType', `Unsupported volume type '${type}' for volume creation.`);
  const limits: Limits = LIMITS[type];
  within(`Volume of ${sizeGiB}GiB`, sizeGiB, limits.sizeGiB, `for volume type ${type}`);
  check('iops', iops, limits.iops, type);
  check('throughput', throughput, limits.throughput, type);
  if ((type === 'io1' || type === 'io2') && iops === undefined) {
    throw new VendorError('MissingParameter', 'The request must contain the parameter iops');
  }
  const given = {
    gp3: { iops: iops ?? 3000, throughput: throughput ?? 125 },
    gp2: { iops: Math.min(16_000, Math.max(100, 3 * sizeGiB)) },
    io1: { iops },
    io2: { iops },
    st1: {},
    sc1: {},
    standard: {},
  }[type];
  return { type, sizeGiB, ...given };
}

const isVolumeType = (type: string): type is VolumeType => Object.hasOwn(LIMITS, type);

function check(name: string, value: number | undefined, limits: [number, number] | undefined, type: string): void {
  if (value === undefined) return;
  if (!limits)
    throw new VendorError('InvalidParameterCombination', `The parameter ${name} is not supported for ${type} volumes.`);
  within(`Volume ${name} of ${value}`, value, limits, `for volume type ${type}`);
}

function within(what: string, value: number, [least, most]: [number, number], where: string): void {
  if (value < least) throw new VendorError('InvalidParameterValue', `${what} is too small ${where}; minimum is ${least}.`);
  if (value > most) throw new VendorError('InvalidParameterValue', `${what} is too large ${where}; maximum is ${most}.`);
}
