/**
 * A run of the controls over one image: what its next step is, when another is due, and what is told when one finds something.
 * Knows neither SQL nor EC2, and takes time as an argument.
 */
import { SETTLE_SECONDS, type Observed } from './fleet.ts';

export interface ScanSituation {
  /** The controls that need no machine were looked at. A run whose boot test they rule out is judged from then on. */
  looked: boolean;
  /** The verdict is written; what is left is to leave nothing behind in EC2. */
  judged: boolean;
  /** The run has, or may have had, a machine. */
  bootTest: boolean;
  /** Its security group is made and closed. */
  hasGroup: boolean;
  /** Since RunInstances was first called; null when it never was. */
  secondsSinceAttempt: number | null;
  /** EC2's id of the machine is known. */
  isIdentified: boolean;
  machine: Observed;
}

export type ScanStep =
  | 'look' // the controls that need no machine
  | 'isolate' // make the security group
  | 'run' // make the machine, or find the one that the same token has made
  | 'probe' // ask the machine, look at it from outside, and judge when that says enough
  | 'terminate'
  | 'remove_group'
  | 'close' // nothing of the run is left in EC2
  | 'wait';

/** The one next step of a run. Asked again after each step, so it never needs to remember. */
export function nextScanStep(situation: ScanSituation): ScanStep {
  if (situation.judged) return afterVerdict(situation);
  if (!situation.looked) return 'look';
  if (!situation.hasGroup) return 'isolate';
  if (situation.machine === 'missing' && !situation.isIdentified) return 'run';
  return 'probe';
}

/** A call whose answer was lost may have made a machine that EC2 does not show yet: closing now would leave it running. */
function afterVerdict({ bootTest, secondsSinceAttempt, machine, hasGroup }: ScanSituation): ScanStep {
  if (!bootTest) return 'close';
  if (machine !== 'missing' && machine.state === 'shutting-down') return 'wait';
  if (machine !== 'missing' && machine.state !== 'terminated') return 'terminate';
  if (machine === 'missing' && secondsSinceAttempt !== null && secondsSinceAttempt <= SETTLE_SECONDS) return 'wait';
  return hasGroup ? 'remove_group' : 'close';
}

/** What a look without a machine means for the run's boot test. */
export function bootsAfter({
  reason,
  wantsBoot,
  failed,
}: {
  reason: 'first' | 'again';
  wantsBoot: boolean;
  /** Controls that failed. */
  failed: readonly string[];
}): boolean {
  if (!wantsBoot) return false;
  // A new image is not worth a machine when it is rejected anyhow. One that is sold already is told everything at once.
  return reason === 'first' ? failed.length === 0 : !failed.includes('exists') && !failed.includes('available');
}

const DAY_MS = 86_400_000;

/**
 * Whether an image that is sold is due for another run, and whether that one boots it.
 * @param lastAt when the last run began. @param lastBootAt when the last run with a boot test began, null when none did.
 */
export function rescanDue({
  now,
  lastAt,
  lastBootAt,
  everyDays,
  bootEveryDays,
}: {
  now: Date;
  lastAt: Date;
  lastBootAt: Date | null;
  everyDays: number;
  bootEveryDays: number;
}): 'none' | 'look' | 'boot' {
  if (now.getTime() - lastAt.getTime() < everyDays * DAY_MS) return 'none';
  return lastBootAt === null || now.getTime() - lastBootAt.getTime() >= bootEveryDays * DAY_MS ? 'boot' : 'look';
}

/**
 * What is wrong with the image that a machine runs; null when nothing is, or nobody can tell.
 * @param runs what EC2 says it runs. @param tested what was tested for its version and region. Both null while unknown.
 */
export function strangerIn(runs: string | null, tested: string | null, isOver: boolean): string | null {
  if (isOver || runs === null || tested === null || runs === tested) return null;
  return `EC2 says that it runs ${runs}; what was tested, and what it was launched from, is ${tested}.`;
}

/**
 * What becomes of an open notice.
 * @param open the open notice's reason. @param failing what is wrong now; null when nothing is.
 */
export function noticeChange(open: string | null, failing: string | null): { close: boolean; open: string | null } {
  if (open === failing) return { close: false, open: null };
  return { close: open !== null, open: failing };
}
