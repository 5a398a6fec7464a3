/** The fault runs of metering: what is broken while usage is reported, and for how long. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultReport } from '../report.ts';
import { Place } from './place.ts';
import type { Weather } from './proxy.ts';
import { seeded, Workload } from './workload.ts';

const CLIENTS = 24;

export interface Run {
  seed: number;
  seconds: number;
}

export interface RunReport extends FaultReport {
  acknowledged: number;
  repeats: number;
  p99: number;
}

/** Breaks something, again and again, until the time is over. @returns how often. */
type Break = (place: Place, context: { random: () => number; isOver: () => boolean }) => Promise<number>;

export const FAULTS: Record<string, Break> = {
  /** F1, F2, F13: kill -9 in the middle of whatever a copy does, also between COMMIT and answer. */
  'kill -9 of a copy': async (place, { random, isOver }) => {
    let injected = 0;
    for (; !isOver(); injected += 1) {
      const copy = place.copies[Math.floor(random() * place.copies.length)]!;
      await sleep(300 + random() * 700);
      await copy.process.kill();
      await place.start(copy);
    }
    return injected;
  },

  /** F6: the database restarted under load, in order or as by a power cut; no process ends. */
  'restart of the database': async (place, { random, isOver }) => {
    let injected = 0;
    for (; !isOver(); injected += 1) {
      await sleep(1_000 + random() * 2_000);
      await place.restartDatabase(random() < 0.5 ? 'fast' : 'immediate');
    }
    return injected;
  },

  /** F9: a database that answers late, is cut off, or says nothing any more. */
  'bad network to the database': async (place, { random, isOver }) => {
    let injected = 0;
    for (; !isOver(); injected += 1) {
      await sleep(500 + random() * 500);
      const weathers: Weather[] = [{ kind: 'slow', milliseconds: 3_000 }, { kind: 'reset' }, { kind: 'silent' }];
      place.database.change(weathers[injected % weathers.length]!);
      await sleep(1_000 + random() * 1_000);
      // Connections that went silent never speak again.
      place.database.change({ kind: 'reset' });
      place.database.change({ kind: 'pass' });
    }
    return injected;
  },

  /** F2: usage is recorded and the answer lost, so that it is reported again. */
  'lost answers': async (place, { random, isOver }) => {
    let injected = 0;
    for (; !isOver(); injected += 1) {
      await sleep(200 + random() * 300);
      place.front.change({ kind: 'lose-answers' });
      await sleep(100 + random() * 200);
      place.front.change({ kind: 'pass' });
    }
    return injected;
  },

  /** F35: one copy after the other is replaced, as in a deployment. */
  'rolling restart': async (place, { isOver }) => {
    let injected = 0;
    for (; !isOver(); injected += 1) {
      const copy = place.copies[injected % place.copies.length]!;
      await copy.process.stop();
      await place.start(copy);
      await sleep(300);
    }
    return injected;
  },
};

export async function play(fault: string, { seed, seconds }: Run): Promise<RunReport> {
  const place = await Place.open();
  try {
    const workload = new Workload(place.shop, place.front.port, seeded(seed));
    const until = Date.now() + seconds * 1000;
    const running = workload.run(CLIENTS);
    const injected = await FAULTS[fault]!(place, { random: seeded(seed + 1), isOver: () => Date.now() > until });
    workload.stop();
    await running;
    const latencies = workload.latencies.sort((a, b) => a - b);
    return {
      fault: `metering, ${fault}, FAULT_SEED=${seed}`,
      injected,
      acknowledged: workload.acknowledged.size,
      repeats: workload.repeats,
      p99: Math.round(latencies[Math.floor(latencies.length * 0.99)] ?? 0),
      violations: await place.violations(workload),
    };
  } finally {
    await place.close();
  }
}

/** All of them, as long as FAULT_SECONDS says. */
export async function meteringFaults(): Promise<FaultReport[]> {
  const seed = Number(process.env.FAULT_SEED ?? Date.now() % 1_000_000);
  const seconds = Number(process.env.FAULT_SECONDS ?? 120);
  const reports: RunReport[] = [];
  for (const fault of Object.keys(FAULTS)) {
    console.log(`${fault} for ${seconds} s, FAULT_SEED=${seed}`);
    const report = await play(fault, { seed, seconds });
    console.log(
      `  ${report.injected} injected, ${report.acknowledged} keys acknowledged, ${report.repeats} tries repeated, p99 ${report.p99} ms`,
    );
    reports.push(report);
  }
  return reports;
}
