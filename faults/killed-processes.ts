/** The story with each process killed in mid-run, over several seeds: the end must be the same to the cent each time. */
import { playStory } from '../story/play.ts';
import { VICTIMS } from '../story/world.ts';
import type { FaultReport } from './report.ts';

const SEEDS = Number(process.env.FAULT_SEEDS ?? 3);
const FIRST_SEED = Number(process.env.FAULT_SEED ?? Date.now() % 1_000_000);

export async function killedProcesses(): Promise<FaultReport[]> {
  const reports: FaultReport[] = [];
  for (const victim of VICTIMS) {
    const violations: string[] = [];
    for (let seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed += 1) {
      console.log(`${victim}, STORY_SEED=${seed}`);
      const { ok, output } = await playStory(['--kill', victim], { STORY_SEED: String(seed) });
      if (!ok) violations.push(`STORY_SEED=${seed} npm run story -- --kill ${victim}\n${output}`);
    }
    reports.push({ fault: `kill -9 ${victim}`, injected: SEEDS * 5, violations });
  }
  return reports;
}
