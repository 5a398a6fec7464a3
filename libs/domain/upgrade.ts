/**
 * What to do about an upgrade: the data is snapshotted once nothing writes to it any more, a machine of the new version comes up with it,
 * and when that is not well in time, everything goes back. Knows neither SQL nor EC2.
 */
import type { InstanceState } from './fleet.ts';

/** `preparing`: the old machine ends and the data is snapshotted. The last three are final. */
export type UpgradeState = 'preparing' | 'replacing' | 'rolling-back' | 'done' | 'rolled-back' | 'failed';

export interface UpgradeSituation {
  state: UpgradeState;
  /** What its buyer wants of the launch now, seen together with its subscription. */
  wish: 'running' | 'stopped' | 'terminated';
  /** Of the snapshots that were asked for before. */
  snapshots: 'unfinished' | 'completed' | 'failed';
  /** The launch's machine now. */
  machine: {
    version: 'old' | 'new';
    state: InstanceState;
    /** It ran, so that it may have written to the data. */
    hasRun: boolean;
  };
  secondsInState: number;
  patienceSeconds: number;
}

export type UpgradeAction =
  | { do: 'launch' } // the machine of the new version
  | { do: 'finish' }
  | { do: 'roll-back'; failure: string; restoreData: boolean }
  | { do: 'rolled-back' }
  | { do: 'give-up'; failure: string }
  | { do: 'wait' };

/** The one next step of an upgrade. Asked again after each step, so it never needs to remember. */
export function decideUpgrade(situation: UpgradeSituation): UpgradeAction {
  const { state, wish } = situation;
  if (state === 'done' || state === 'rolled-back' || state === 'failed') return { do: 'wait' };
  if (wish === 'terminated') return { do: 'give-up', failure: 'The launch has ended.' };
  if (state === 'preparing') return prepare(situation);
  if (state === 'replacing') return replace(situation);
  return rollBack(situation);
}

function prepare({ snapshots }: UpgradeSituation): UpgradeAction {
  if (snapshots === 'completed') return { do: 'launch' };
  if (snapshots === 'unfinished') return { do: 'wait' };
  // Nothing of the new version has run, so the data is as the old one left it.
  return { do: 'roll-back', failure: 'The data could not be snapshotted before.', restoreData: false };
}

function replace(situation: UpgradeSituation): UpgradeAction {
  const { machine } = situation;
  if (machine.version === 'new' && machine.state === 'healthy') return { do: 'finish' };
  const restoreData = machine.hasRun;
  if (machine.state === 'failed')
    return { do: 'roll-back', failure: 'The machine of the new version could not be launched.', restoreData };
  if (!isLate(situation)) return { do: 'wait' };
  return {
    do: 'roll-back',
    failure: `The new version was not healthy within ${situation.patienceSeconds} seconds.`,
    restoreData,
  };
}

function rollBack(situation: UpgradeSituation): UpgradeAction {
  const { machine } = situation;
  if (machine.version === 'old' && machine.state === 'healthy') return { do: 'rolled-back' };
  if (machine.version === 'old' && machine.state === 'failed')
    return { do: 'give-up', failure: 'The machine of the old version could not be launched either.' };
  return isLate(situation)
    ? {
        do: 'give-up',
        failure: `The old version was not healthy within ${situation.patienceSeconds} seconds either; it is tried on.`,
      }
    : { do: 'wait' };
}

/** What its buyer has stopped cannot be well; it is no sign that the version is bad. */
const isLate = ({ wish, secondsInState, patienceSeconds }: UpgradeSituation): boolean =>
  wish === 'running' && secondsInState >= patienceSeconds;

interface VolumeOfVersion {
  name: string;
  device: string;
}

/**
 * Why a version cannot take over the data volumes of another; null when it can. It may have more.
 * @param have the volumes that there are.
 */
export function volumesProblem(have: readonly VolumeOfVersion[], wants: readonly VolumeOfVersion[]): string | null {
  for (const { name, device } of have) {
    const same = wants.find((volume) => volume.name === name);
    if (!same) return `The new version has no data volume "${name}", so what is on it would not be used.`;
    if (same.device !== device) return `The new version has its data volume "${name}" at ${same.device}, and it is at ${device}.`;
  }
  return null;
}
