/** What metering takes, beside what the machine takes: each figure with its limit, measured in the same run, on a database of its own. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '#testing/ports.ts';
import { migrate } from '../../tools/migrations.ts';
import { ensureDatabase, startPostgres } from '../../tools/postgres.ts';
import { temporaryFolder } from '../../tools/temporary.ts';
import { report, type Row } from '../harness.ts';
import { growth } from './growth.ts';
import { hour } from './hour.ts';
import { rollUp } from './roll-up.ts';
import { signature } from './signature.ts';
import { besideBare, directInsert, type Place } from './wire.ts';

const PASSWORD = 'bench-only';

export async function metering(): Promise<void> {
  const rows: Row[] = [signature()];
  const direct = await step('direct insert', () => inNewPlace(directInsert));
  const { bare, metering: measured } = await step('metering beside a bare server', () => inTwoPlaces(besideBare));
  rows.push(
    {
      name: 'metering.batch.vs-insert',
      limit: direct,
      measured: measured.batch,
      goal: 0.4,
      goalIs: 'at least',
      unit: 'records/s',
    },
    {
      name: 'metering.batch.vs-bare',
      limit: bare.batch,
      measured: measured.batch,
      goal: 0.7,
      goalIs: 'at least',
      unit: 'records/s',
    },
    {
      name: 'metering.single.vs-bare',
      limit: bare.single,
      measured: measured.single,
      goal: 0.65,
      goalIs: 'at least',
      unit: 'requests/s',
    },
    { name: 'metering.single.p99-ms', limit: 50, measured: measured.p99, goal: 1, goalIs: 'at most', unit: 'ms' },
  );
  rows.push(await step('roll-up', () => inNewPlace(rollUp)));
  rows.push(...(await step('an hour of a million machines', () => inNewPlace(hour))));
  rows.push(await step('growth', () => inNewPlaces(['few', 'slipway'], ([few, many]) => growth({ few: few!, many: many! }))));
  report('metering', rows);
}

async function step<T>(what: string, work: () => Promise<T>): Promise<T> {
  const started = performance.now();
  const result = await work();
  console.log(`  ${what}: ${JSON.stringify(result, rounded)} (${Math.round((performance.now() - started) / 1000)} s)`);
  return result;
}

const rounded = (_: string, value: unknown): unknown => (typeof value === 'number' && value > 10 ? Math.round(value) : value);

/** A PostgreSQL of its own with its default durability, gone afterwards. */
export const inNewPlace = <T>(work: (place: Place) => Promise<T>): Promise<T> =>
  inNewPlaces(['slipway'], ([place]) => work(place!));

/** Two databases in one such PostgreSQL. */
export const inTwoPlaces = <T>(work: (places: { bare: Place; metering: Place }) => Promise<T>): Promise<T> =>
  inNewPlaces(['bare', 'slipway'], ([bare, own]) => work({ bare: bare!, metering: own! }));

async function inNewPlaces<T>(databases: string[], work: (places: Place[]) => Promise<T>): Promise<T> {
  const folder = temporaryFolder('slipway-bench-');
  const port = await freePort();
  const postgres = await startPostgres({ dataDir: join(folder, 'data'), port, password: PASSWORD });
  try {
    const places: Place[] = [];
    for (const name of databases) {
      await ensureDatabase(postgres, name);
      const ownerUrl = postgres.url(name);
      await migrate(ownerUrl, { metering: PASSWORD });
      places.push({ folder, ownerUrl, url: `postgres://metering:${PASSWORD}@127.0.0.1:${port}/${name}` });
    }
    return await work(places);
  } finally {
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
