/** What an image shows before anything of it runs: the controls that EC2's description of it decides. */
import { check, fail, notExecuted, pass, type Check, type ImageView } from './image.ts';
import { hasEnded, KNOWN_AS_OF, operatingSystemsIn } from './operating-system.ts';

export interface SourcePlace {
  imageId: string;
  region: string;
  /** The vendor's before it is copied, ours from then on. */
  whose: 'vendor' | 'ours';
  /** What the vendor says it runs, such as `Ubuntu 24.04`. */
  operatingSystem: string | null;
}

/**
 * GiB of a root volume. Below, no system fits; above, each of the buyer's machines pays for space that belongs on a data volume
 * (our rule; EC2 itself allows 2,047 GiB to a root volume with an MBR).
 */
export const ROOT_GIB = { least: 1, most: 1024 } as const;

const ARCHITECTURES = ['x86_64', 'arm64'];

/** The controls of SOURCE_CONTROLS; those that cannot be seen on an image that is not there are left out. */
export function checkSource(source: ImageView | 'missing', place: SourcePlace, now: Date): Check[] {
  const { imageId, region } = place;
  if (source === 'missing') {
    const vendors = `${imageId} is not there in ${region}, or it is not shared with the marketplace's account: check the id and its launch permissions.`;
    return [fail('exists', place.whose === 'vendor' ? vendors : `${imageId}, our copy in ${region}, is gone.`)];
  }
  const { state, rootDeviceType, virtualizationType, architecture, encrypted, enaSupport } = source;
  return [
    pass('exists', `${imageId} is in ${region}.`),
    check(
      'available',
      state === 'available',
      'The image is available.',
      `The image is ${state}; submit it when it is available.`,
    ),
    check(
      'ebs_root',
      rootDeviceType === 'ebs',
      'Its root device is on EBS.',
      `Its root device is ${rootDeviceType}; it must be on EBS.`,
    ),
    check('hvm', virtualizationType === 'hvm', 'It is HVM.', `Its virtualization is ${virtualizationType}; it must be HVM.`),
    check(
      'architecture',
      ARCHITECTURES.includes(architecture),
      `It is ${architecture}.`,
      `Its architecture is ${architecture}; it must be x86_64 or arm64.`,
    ),
    check(
      'unencrypted',
      !encrypted,
      'Its snapshots are not encrypted.',
      "A snapshot of it is encrypted, so buyers' machines could not read it.",
    ),
    check(
      'ena',
      enaSupport,
      'It has the enhanced networking driver (ENA).',
      'It is not marked for enhanced networking (ENA), which current instance types need.',
    ),
    imdsMark(source),
    check(
      'product_codes',
      source.productCodes.length === 0,
      'It carries no product code of another marketplace.',
      `It carries the product code ${source.productCodes.join(', ')} of another marketplace, whose subscribers alone could launch it; build it from an image without.`,
    ),
    rootSize(source),
    checkOperatingSystem([place.operatingSystem ?? '', source.name, source.description, source.platformDetails], now),
  ];
}

/** A mark that a vendor may leave out; whether it works is the boot test's to see. */
const imdsMark = ({ imdsSupport }: ImageView): Check =>
  imdsSupport === 'v2.0'
    ? pass('imds_v2', 'It is marked for IMDSv2 (imdsSupport v2.0).')
    : notExecuted(
        'imds_v2',
        'It is not marked for IMDSv2 (imdsSupport v2.0); every machine is launched with IMDSv2 only all the same, and the boot test shows whether it works so.',
      );

function rootSize({ rootGib }: ImageView): Check {
  if (rootGib === null) return notExecuted('root_size', 'EC2 does not say how large its root volume is.');
  return check(
    'root_size',
    rootGib >= ROOT_GIB.least && rootGib <= ROOT_GIB.most,
    `Its root volume is ${rootGib} GiB.`,
    `Its root volume is ${rootGib} GiB; it must be ${ROOT_GIB.least} to ${ROOT_GIB.most} GiB, and data belongs on a data volume.`,
  );
}

/** @param texts in which an operating system may be named: the vendor's words, the image's name, an SSH greeting. */
export function checkOperatingSystem(texts: readonly string[], now: Date): Check {
  const systems = texts.flatMap(operatingSystemsIn);
  const ended = systems.find((system) => hasEnded(system, now));
  if (ended)
    return fail(
      'supported_os',
      `${ended.name} has not been mended since ${ended.endsOn} (${ended.source}); build on one that is.`,
    );
  const [system] = systems;
  if (system) return pass('supported_os', `${system.name} is mended until ${system.endsOn} (${system.source}).`);
  return notExecuted(
    'supported_os',
    `Neither the declared operating system nor the image's name, description or platform names one of the systems known here as of ${KNOWN_AS_OF}.`,
  );
}
