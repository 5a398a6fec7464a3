/**
 * The controls that an image is held against, and what its copy shows. Knows neither SQL nor EC2: the launcher looks, asks here,
 * and writes down. What the vendor's image shows is in image-source.ts, what a boot test shows in boot-test.ts.
 */

export type ImageState = 'copying' | 'testing' | 'ready' | 'rejected';

export interface Check {
  control: Control;
  result: 'PASS' | 'FAIL' | 'NOT_EXECUTED';
  reason: string;
}

/** An image as EC2 shows it. */
export interface ImageView {
  imageId: string;
  name: string;
  description: string;
  state: string;
  /** Why it is not available, in EC2's words. */
  stateReason: string | null;
  rootDeviceType: string;
  virtualizationType: string;
  architecture: string;
  /** Such as `Linux/UNIX` or `Red Hat Enterprise Linux`; what EC2 bills it as. */
  platformDetails: string;
  /** Whether any of its snapshots is encrypted. */
  encrypted: boolean;
  enaSupport: boolean;
  /** `v2.0` when instances of it start with IMDSv2 only. */
  imdsSupport: string | null;
  /** Of any marketplace; an image with one can only be launched by that marketplace's subscribers. */
  productCodes: string[];
  /** Whole GiB of the root volume; null where EC2 does not say. */
  rootGib: number | null;
  /** In the order of its devices; empty while EC2 does not name them. */
  snapshotIds: string[];
}

/** Seen on the vendor's image before it is copied, and on our copy at each later run. */
export const SOURCE_CONTROLS = [
  'exists',
  'available',
  'ebs_root',
  'hvm',
  'architecture',
  'unencrypted',
  'ena',
  'imds_v2',
  'product_codes',
  'root_size',
  'supported_os',
] as const;

/** Seen on a machine of our copy. */
export const BOOT_CONTROLS = ['boots', 'imds_v2_only', 'ssh_passwords', 'ssh_root', 'default_credentials', 'open_ports'] as const;

/** What would need a way into the machine, which the boot test proves that there is none. */
const UNSEEN: Record<'authorized_keys' | 'shell_history', string> = {
  authorized_keys:
    'Not visible from outside: keys left in authorized_keys files show only to who has one. Remove them before you make the image.',
  shell_history: 'Not visible from outside: it would take a login. Remove shell histories before you make the image.',
};

export type Control =
  | (typeof SOURCE_CONTROLS)[number]
  | (typeof BOOT_CONTROLS)[number]
  | keyof typeof UNSEEN
  | 'copies'
  | 'unchanged';

export const CONTROLS: readonly Control[] = [
  ...SOURCE_CONTROLS,
  'copies',
  ...BOOT_CONTROLS,
  'unchanged',
  'authorized_keys',
  'shell_history',
];

/** Every control, none looked at yet; those that nobody can look at say so from the start. */
export const noChecks = (): Check[] =>
  CONTROLS.map((control) =>
    notExecuted(control, control in UNSEEN ? UNSEEN[control as keyof typeof UNSEEN] : 'Not looked at yet.'),
  );

/** `checks` with the results of some controls replaced, in the order of CONTROLS; a control that is new since then is added. */
export const withResults = (checks: readonly Check[], results: readonly Check[]): Check[] =>
  noChecks().map(
    (open) =>
      results.find((result) => result.control === open.control) ?? checks.find((check) => check.control === open.control) ?? open,
  );

/** What an image is known for after another run: what that run did not look at stays as it was. */
export const withSeen = (checks: readonly Check[], results: readonly Check[]): Check[] =>
  withResults(
    checks,
    results.filter((result) => result.result !== 'NOT_EXECUTED'),
  );

/** One sentence for every control that failed, or null when none did. */
export function rejectionOf(checks: readonly Check[]): string | null {
  const failed = checks.filter((check) => check.result === 'FAIL');
  return failed.length === 0 ? null : failed.map((check) => check.reason).join(' ');
}

export const fail = (control: Control, reason: string): Check => ({ control, result: 'FAIL', reason });
export const pass = (control: Control, reason: string): Check => ({ control, result: 'PASS', reason });
export const notExecuted = (control: Control, reason: string): Check => ({ control, result: 'NOT_EXECUTED', reason });
export const check = (control: Control, holds: boolean, good: string, bad: string): Check =>
  holds ? pass(control, good) : fail(control, bad);

/** `wait` for more to be seen, or a control's result. */
export type Verdict = 'wait' | Check;

/** What EC2 shows of our copy. */
export function judgeCopy(copy: ImageView | 'missing', secondsSinceCall: number, settleSeconds: number): Verdict {
  if (copy === 'missing')
    return secondsSinceCall > settleSeconds ? fail('copies', 'The copy is gone: somebody deregistered it.') : 'wait';
  if (copy.state === 'available') return pass('copies', `Copied as ${copy.imageId}.`);
  if (copy.state === 'pending') return 'wait';
  return fail('copies', `The copy is ${copy.state}: ${copy.stateReason ?? 'EC2 gives no reason.'}`);
}

/** A snapshot as EC2 shows it. */
export interface SnapshotView {
  snapshotId: string;
  sizeGib: number;
  /** 0 to 100; null where EC2 does not say. */
  percent: number | null;
}

/**
 * How far a copy is, in whole percent of its bytes, rounded down; null where EC2 says nothing. 100 is kept for the image that is
 * available: complete snapshots are not yet an image that can be launched.
 */
export function copyProgress(copy: ImageView | 'missing', snapshots: readonly SnapshotView[]): number | null {
  if (copy !== 'missing' && copy.state === 'available') return 100;
  const known = snapshots.filter((snapshot) => snapshot.percent !== null);
  const size = known.reduce((sum, { sizeGib }) => sum + sizeGib, 0);
  if (size === 0) return null;
  const done = known.reduce((sum, { sizeGib, percent }) => sum + sizeGib * percent!, 0);
  return Math.min(99, Math.floor(done / size));
}

/** A digest that the vendor wrote into the image's description (`sha256:…`), or null. */
export const digestIn = (description: string): string | null =>
  /\bsha256:[0-9a-f]{64}\b/i.exec(description)?.[0].toLowerCase() ?? null;

/** What was tested, and is therefore what may run. */
export interface Tested {
  imageId: string;
  snapshotIds: readonly string[];
}

/** Whether our copy is still what was tested. EC2 never changes an image's snapshots, so another one is not ours. */
export function checkUnchanged(copy: Tested | 'missing', tested: Tested): Check {
  if (copy === 'missing')
    return fail('unchanged', `${tested.imageId}, which was tested, is gone: nothing new can be launched of it.`);
  const same = copy.imageId === tested.imageId && [...copy.snapshotIds].sort().join() === [...tested.snapshotIds].sort().join();
  return check(
    'unchanged',
    same,
    `${tested.imageId} of ${tested.snapshotIds.join(', ') || 'unnamed snapshots'} is what was tested.`,
    `${copy.imageId} is made of ${copy.snapshotIds.join(', ') || 'nothing that EC2 names'}; tested was ${tested.imageId} of ${tested.snapshotIds.join(', ')}.`,
  );
}
