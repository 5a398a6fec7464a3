/**
 * What an image must be before it is sold, and what its copy and its boot test have shown. Knows neither SQL nor EC2:
 * the launcher looks, asks here, and writes down.
 */
import type { Machine } from './fleet.ts';

export type ImageState = 'copying' | 'testing' | 'ready' | 'rejected';

export interface Check {
  control: Control;
  result: 'PASS' | 'FAIL' | 'NOT_EXECUTED';
  reason: string;
}

/** An image as EC2 shows it. */
export interface ImageView {
  imageId: string;
  state: string;
  /** Why it is not available, in EC2's words. */
  stateReason: string | null;
  rootDeviceType: string;
  virtualizationType: string;
  architecture: string;
  /** Whether any of its snapshots is encrypted. */
  encrypted: boolean;
  enaSupport: boolean;
}

const SOURCE_CONTROLS = ['exists', 'available', 'ebs_root', 'hvm', 'architecture', 'unencrypted', 'ena'] as const;
export type Control = (typeof SOURCE_CONTROLS)[number] | 'copies' | 'boots';
export const CONTROLS: readonly Control[] = [...SOURCE_CONTROLS, 'copies', 'boots'];

/** Every control, none looked at yet. */
export const noChecks = (): Check[] =>
  CONTROLS.map((control) => ({ control, result: 'NOT_EXECUTED', reason: 'Not looked at yet.' }));

/** `checks` with the results of some controls replaced. */
export const withResults = (checks: readonly Check[], results: readonly Check[]): Check[] =>
  checks.map((check) => results.find((result) => result.control === check.control) ?? check);

/** One sentence that names every control that failed, or null when none did. */
export function rejectionOf(checks: readonly Check[]): string | null {
  const failed = checks.filter((check) => check.result === 'FAIL');
  return failed.length === 0 ? null : failed.map((check) => check.reason).join(' ');
}

/** The controls that can be seen on the vendor's image before it is copied. */
export function checkSource(source: ImageView | 'missing', { imageId, region }: { imageId: string; region: string }): Check[] {
  if (source === 'missing') {
    return [
      fail(
        'exists',
        `${imageId} is not there in ${region}, or it is not shared with the marketplace's account: check the id and its launch permissions.`,
      ),
    ];
  }
  const { state, rootDeviceType, virtualizationType, architecture, encrypted, enaSupport } = source;
  return [
    { control: 'exists', result: 'PASS', reason: `${imageId} is in ${region}.` },
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
  ];
}

const ARCHITECTURES = ['x86_64', 'arm64'];

const fail = (control: Control, reason: string): Check => ({ control, result: 'FAIL', reason });
const pass = (control: Control, reason: string): Check => ({ control, result: 'PASS', reason });
const check = (control: Control, holds: boolean, good: string, bad: string): Check =>
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

export interface BootTest {
  machine: Machine | 'missing';
  /** What came of asking the appliance; null when it was not asked. */
  answer: { well: boolean; said: string } | null;
  /** How often it was asked in vain, this time included. */
  tries: number;
  secondsSinceStart: number;
  limitSeconds: number;
  settleSeconds: number;
}

/** A boot test is not given up before this many tries: a clock that was moved has not waited. */
export const LEAST_TRIES = 20;

/** What the boot test of a copy shows. */
export function judgeBoot({ machine, answer, tries, secondsSinceStart, limitSeconds, settleSeconds }: BootTest): Verdict {
  if (answer?.well) return pass('boots', `It booted, and its health check answered ${answer.said}.`);
  if (machine === 'missing')
    return secondsSinceStart > settleSeconds ? fail('boots', 'The boot test was cut short: its machine is gone.') : 'wait';
  if (machine.state !== 'pending' && machine.state !== 'running') {
    return fail('boots', `It did not boot: the machine is ${machine.state}${machine.reason ? ` (${machine.reason})` : ''}.`);
  }
  if (secondsSinceStart <= limitSeconds || tries < LEAST_TRIES) return 'wait';
  const said = answer ? `its health check said: ${answer.said}` : `its machine was still ${machine.state}`;
  return fail('boots', `It did not boot: after ${limitSeconds} seconds ${said}.`);
}
