/** The fault runs of the launcher: what goes wrong at EC2 and with the launcher itself while machines come and go, and what has to hold then. */
import { newId } from '#platform/ids.ts';
import type { FaultReport } from '../report.ts';
import { seeded } from '../metering/workload.ts';
import { Place } from './place.ts';

interface Context {
  random: () => number;
  /** How many machines it is done to. */
  machines: number;
}

/** Breaks something until `place.violations()` is asked. @returns how often; @throws what has not come about that had to. */
type Break = (place: Place, context: Context) => Promise<number>;

async function launched(place: Place, count: number, given: Parameters<Place['launch']>[0] = {}): Promise<string[]> {
  const ids: string[] = [];
  for (let number = 0; number < count; number += 1) ids.push(await place.launch(given));
  return ids;
}

async function must(what: string, outcome: Promise<boolean>): Promise<void> {
  if (!(await outcome)) throw new Error(`It has not come about: ${what}`);
}

const runInstances = (place: Place, times: number, fault: { code: string } | { commitThenTimeOut: true }): void =>
  void place.sandbox.faults.failNext({ operation: 'RunInstances', code: '', times, ...fault });

export const FAULTS: Record<string, Break> = {
  /** F26: EC2 has made it, and nobody hears of it. */
  'RunInstances timed out after success': async (place, { machines }) => {
    const ids = await launched(place, machines);
    runInstances(place, machines, { commitThenTimeOut: true });
    await must('all machines are up', place.come(ids, 'healthy'));
    return machines;
  },

  /** F26: it was made with other parameters under the same token, and is not shown yet. */
  IdempotentParameterMismatch: async (place, { machines }) => {
    // They share a firewall that is there already: one that is made and not shown yet would keep all from being asked for again.
    const firewall = { sshFrom: '10.99.99.0/24' };
    const [first] = await launched(place, 1, firewall);
    await must('the first is up', place.come([first!], 'healthy'));
    await place.advance({ minutes: 3 });
    const ids = await launched(place, machines, firewall);
    await place.control('/weather', { describeLagMs: 90_000 });
    runInstances(place, machines, { commitThenTimeOut: true });
    await place.rounds(1);
    const changed = await place.anotherLauncher({ METERING_PUBLIC_URL: 'http://elsewhere.test:4020' });
    const mismatches = place.countErrors('IdempotentParameterMismatch');
    await place.rounds(3, [changed]);
    await place.control('/weather', { describeLagMs: 0 });
    await must('all machines are up', place.come(ids, 'healthy'));
    return mismatches();
  },

  /** F26: no room, then room for some, then for all. */
  'no capacity': async (place, { machines, random }) => {
    const ids = await launched(place, machines);
    const limit = (instances?: number): Promise<unknown> =>
      Promise.all(
        [...'abc'].map((zone) => place.control('/capacity', { zone: `us-east-1${zone}`, instanceType: 't3.micro', instances })),
      );
    await limit(0);
    const refusals = place.countErrors('InsufficientInstanceCapacity');
    await place.rounds(3);
    await limit(Math.floor((random() * machines) / 3));
    await place.rounds(3);
    await limit();
    await must('all machines are up', place.come(ids, 'healthy'));
    return refusals();
  },

  /** F26: more calls than EC2 takes. */
  throttling: async (place, { machines }) => {
    const ids = await launched(place, machines * 4);
    await place.control('/weather', { throttle: { requests: true } });
    const refusals = place.countErrors('RequestLimitExceeded');
    await place.rounds(4);
    await must('all machines are up', place.come(ids, 'healthy'));
    await place.control('/weather', { throttle: { requests: false } });
    return refusals();
  },

  /** F26: what was made is shown late, and what was ended as well. */
  'describe lag': async (place, { machines }) => {
    const ids = await launched(place, machines);
    await place.control('/weather', { describeLagMs: 45_000 });
    await place.rounds(3);
    for (let step = 0; step < 4; step += 1) {
      await place.advance({ seconds: 20 });
      await place.rounds(2);
    }
    await must('all machines are up', place.come(ids, 'healthy'));
    for (const id of ids) await place.want(id, 'terminated');
    await place.rounds(2);
    await place.advance({ minutes: 2 });
    await must('all machines are gone', place.come(ids, 'terminated'));
    await place.control('/weather', { describeLagMs: 0 });
    return machines * 2;
  },

  /** F26: a fleet that EC2 has only part of the room for, and that loses answers meanwhile. */
  'partial fleet': async (place, { machines }) => {
    const fleet = newId();
    const { subscriptionId, buyerId, versionId } = place.market;
    await place.database.sql(
      `insert into api.fleet (id, subscription_id, buyer_id, version_id, region, instance_type, min_machines, max_machines, fixed_machines,
         scale_out_seconds, scale_in_seconds, drain_seconds, created_at, changed_at)
       values ($1, $2, $3, $4, 'us-east-1', 't3.micro', 1, $5, $5, 60, 300, 0, $6, $6)`,
      [fleet, subscriptionId, buyerId, versionId, machines, place.clock.now()],
    );
    runInstances(place, Math.ceil(machines / 2), { code: 'InsufficientInstanceCapacity' });
    await place.rounds(2);
    runInstances(place, Math.ceil(machines / 4), { commitThenTimeOut: true });
    const members = async (state: string): Promise<number> =>
      (await place.rows()).filter((row) => row.fleet_id === fleet && row.state === state).length;
    await must(
      'all members are up',
      place.work(async () => (await members('healthy')) === machines),
    );
    await place.advance({ minutes: 30 });
    await place.database.sql('update api.fleet set ended_at = $2, changed_at = $2 where id = $1', [fleet, place.clock.now()]);
    await must(
      'all members are gone',
      place.work(async () => (await members('healthy')) === 0),
    );
    return Math.ceil(machines / 2) + Math.ceil(machines / 4);
  },

  /** F27: AWS takes spot machines back, at two minutes' notice; others take their places. */
  'spot reclaim': async (place, { machines }) => {
    const ids = await launched(place, machines, { market: 'spot' });
    await must('all machines are up', place.come(ids, 'healthy'));
    await place.advance({ minutes: 25 });
    for (const machine of await place.machines())
      if (machine.spot && machine.state === 'running') await place.control(`/instances/${machine.instanceId}/reclaim`);
    await place.advance({ minutes: 2, seconds: 1 });
    await must('others run in their places', place.come(ids, 'healthy'));
    return machines;
  },

  /** F27: hosts die without a word. */
  'machines lost without notice': async (place, { machines, random }) => {
    const ids = await launched(place, machines);
    await must('all machines are up', place.come(ids, 'healthy'));
    await place.advance({ minutes: 25 });
    let lost = 0;
    for (const machine of await place.machines())
      if (machine.state === 'running' && random() < 0.6) {
        await place.control(`/instances/${machine.instanceId}/lose`);
        lost += 1;
      }
    await must('others run in their places', place.come(ids, 'healthy'));
    return lost;
  },

  /** F27: stopped and started inside of an hour, and across the end of one; and the answers to it lost. */
  'stop and start across an hour': async (place, { machines }) => {
    const ids = await launched(place, machines);
    await must('all machines are up', place.come(ids, 'healthy'));
    for (const [untilStop, untilStart] of [
      [5, 5],
      [20, 20],
      [70, 45],
    ] as const) {
      await place.advance({ minutes: untilStop });
      for (const id of ids) await place.want(id, 'stopped');
      place.sandbox.faults.failNext({ operation: 'StopInstances', code: '', commitThenTimeOut: true });
      await must('all machines are stopped', place.come(ids, 'stopped'));
      await place.advance({ minutes: untilStart });
      for (const id of ids) await place.want(id, 'running');
      place.sandbox.faults.failNext({ operation: 'StartInstances', code: '', commitThenTimeOut: true });
      await must('all machines are up', place.come(ids, 'healthy'));
    }
    return machines * 3;
  },

  /** F13, I11: the launcher is killed before each thing that it says to the database or EC2, on the way up and on the way down. */
  'kill -9 at each step': async (place) => {
    const [whole] = await launched(place, 1);
    const up = await place.victim({ launchId: whole!, until: 'healthy', killAt: 0 });
    await place.want(whole!, 'terminated');
    const down = await place.victim({ launchId: whole!, until: 'terminated', killAt: 0 });
    await killAtEach(place, { until: 'healthy', steps: up.map((_, index) => index + 1) });
    await killAtEach(place, { until: 'terminated', steps: down.map((_, index) => index + 1) });
    return up.length + down.length;
  },
};

/** Each with a launch of its own, two at once; a launcher that lives finishes what is left. */
export async function killAtEach(
  place: Place,
  { until, steps }: { until: 'healthy' | 'terminated'; steps: number[] },
): Promise<void> {
  const ids = await launched(place, steps.length);
  if (until === 'terminated') {
    await must('all machines are up', place.come(ids, 'healthy'));
    for (const id of ids) await place.want(id, 'terminated');
  }
  const waiting = steps.map((killAt, index) => ({ launchId: ids[index]!, until, killAt }));
  const kill = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) await place.victim(next);
  };
  await Promise.all([kill(), kill()]);
  await must(`all launches are ${until} after all`, place.come(ids, until));
}

export async function play(fault: string, { seed, machines }: { seed: number; machines: number }): Promise<FaultReport> {
  const place = await Place.open();
  try {
    const injected = await FAULTS[fault]!(place, { random: seeded(seed), machines });
    const violations = await place.violations();
    if (injected === 0) violations.push('nothing was injected');
    return { fault: `launcher, ${fault}, FAULT_SEED=${seed}`, injected, violations };
  } finally {
    await place.close();
  }
}

/** All of them, to as many machines as FAULT_MACHINES says. */
export async function launcherFaults(): Promise<FaultReport[]> {
  const seed = Number(process.env.FAULT_SEED ?? Date.now() % 1_000_000);
  const machines = Number(process.env.FAULT_MACHINES ?? 24);
  const reports: FaultReport[] = [];
  for (const fault of Object.keys(FAULTS)) {
    console.log(`${fault}, ${machines} machines, FAULT_SEED=${seed}`);
    const began = performance.now();
    const report = await play(fault, { seed, machines }).catch((error: unknown): FaultReport => ({
      fault: `launcher, ${fault}`,
      injected: 0,
      violations: [String(error)],
    }));
    console.log(
      `  ${report.injected} injected, ${report.violations.length} violations (${Math.round((performance.now() - began) / 1000)} s)`,
    );
    reports.push(report);
  }
  return reports;
}
