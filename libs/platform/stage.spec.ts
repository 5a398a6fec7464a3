/** Stages: a doorbell is lost or not with its row's transaction, lost doorbells are swept up, failures say why, one worker a row. */
import { Injectable, Module } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { setTimeout as sleep } from 'node:timers/promises';
import { DataSource } from 'typeorm';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { testSettings } from '#testing/app.ts';
import { createTestDatabase, type TestDatabase } from '#testing/database.ts';
import { build, type AppDefinition } from './app.ts';
import { commonSettings, loadConfig } from './config.ts';
import { Doorbell } from './doorbell.ts';
import { currentRequestId, withRequestId } from './log.ts';
import { RowLocks } from './row-locks.ts';
import { Stage, stages } from './stage.ts';

const seen: Array<{ id: string; requestId: string | undefined }> = [];
let waiting: string[] = [];
let behave: (id: string) => Promise<void> = async () => {};
let working = 0;
let mostAtOnce = 0;

@Injectable()
class Probe extends Stage {
  readonly queue = 'billing.rate-period';
  override readonly concurrency = 4;

  async due(): Promise<string[]> {
    return waiting;
  }

  async work(id: string): Promise<void> {
    working += 1;
    mostAtOnce = Math.max(mostAtOnce, working);
    try {
      seen.push({ id, requestId: currentRequestId() });
      await behave(id);
      waiting = waiting.filter((other) => other !== id);
    } finally {
      working -= 1;
    }
  }
}

const batches: string[][] = [];
const inBatches: string[] = [];

/** Takes many at once, all or none; nobody can work `bad`. */
@Injectable()
class BatchProbe extends Stage {
  readonly queue = 'billing.close-period';
  override readonly concurrency = 1;
  override readonly batch = 10;

  async due(): Promise<string[]> {
    return [];
  }

  work(id: string): Promise<void> {
    return this.workAll([id]);
  }

  override async workAll(ids: readonly string[]): Promise<void> {
    batches.push([...ids]);
    if (ids.includes('bad')) throw new Error('nobody can work this');
    inBatches.push(...ids);
  }
}

@Module({ providers: stages(Probe, BatchProbe) })
class ProbeModule {}

class ProbeConfig {}
const settings = z.object({ ...commonSettings, PORT: z.coerce.number().default(0) });
const probe = {
  name: 'billing',
  module: ProbeModule,
  entities: [],
  config: (env: NodeJS.ProcessEnv) => loadConfig(settings, env),
  configToken: ProbeConfig,
} as unknown as AppDefinition;

describe('stages', () => {
  let database: TestDatabase;
  const apps: NestFastifyApplication[] = [];
  const start = async (): Promise<NestFastifyApplication> => {
    const app = await build(probe, probe.config({ ...testSettings('billing', database), SWEEP_SECONDS: '0.3' }));
    await app.listen({ port: 0, host: '127.0.0.1' });
    apps.push(app);
    return app;
  };
  const until = async (condition: () => boolean | Promise<boolean>): Promise<void> => {
    for (let tries = 0; tries < 400; tries += 1) {
      if (await condition()) return;
      await sleep(25);
    }
    throw new Error(`It did not happen; seen: ${JSON.stringify(seen)}`);
  };

  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterEach(async () => {
    for (const app of apps.splice(0)) await app.close();
    seen.length = 0;
    waiting = [];
    behave = async () => {};
    mostAtOnce = 0;
    await database.sql('delete from pgboss.job');
    await database.sql('delete from billing.stuck_work');
  });
  afterAll(() => database.drop());

  it("rings in the row's transaction: what is rolled back never rang, and the request id goes along", async () => {
    const app = await start();
    const [db, doorbell] = [app.get(DataSource), app.get(Doorbell)];
    await expect(
      db.transaction(async (tx) => {
        await doorbell.ring(tx, 'billing.rate-period', 'rolled-back');
        throw new Error('changed my mind');
      }),
    ).rejects.toThrow('changed my mind');
    await withRequestId('request-that-rang', () => db.transaction((tx) => doorbell.ring(tx, 'billing.rate-period', 'kept')));
    await until(() => seen.length > 0);
    await sleep(300);
    expect(seen).toEqual([{ id: 'kept', requestId: 'request-that-rang' }]);
  });

  it('sweeps up a due row whose doorbell was lost', async () => {
    await start();
    waiting = ['forgotten'];
    await until(() => seen.some((row) => row.id === 'forgotten'));
    expect(waiting).toEqual([]);
  });

  it('says in stuck_work what fails and why, tries again, and clears it when it works', async () => {
    let healthy = false;
    behave = async () => {
      if (!healthy) throw new Error('the vendor is closed on Sundays');
    };
    waiting = ['stuck'];
    await start();
    await until(async () => (await database.sql('select from billing.stuck_work')).length === 1);
    expect(await database.sql('select queue, row_id, last_error from billing.stuck_work')).toEqual([
      { queue: 'billing.rate-period', row_id: 'stuck', last_error: 'Error: the vendor is closed on Sundays' },
    ]);
    healthy = true;
    await until(async () => (await database.sql('select from billing.stuck_work')).length === 0);
    expect(waiting).toEqual([]);
  });

  it('clears what failed though it was done, as when the answer to its COMMIT was lost: nothing is due any more', async () => {
    behave = async () => {
      throw new Error('read ECONNRESET');
    };
    const app = await start();
    await app.get(Doorbell).ringNow('billing.rate-period', 'done');
    await until(async () => (await database.sql('select from billing.stuck_work')).length === 1);
    behave = async () => {};
    await until(async () => (await database.sql('select from billing.stuck_work')).length === 0);
  });

  it('finds a row again whose turn has not come, and does not count that as a failure', async () => {
    let turns = 0;
    behave = async () => {
      turns += 1;
      if (turns < 3) throw Object.assign(new Error('the vendor asks for patience'), { postpones: true });
    };
    waiting = ['patient'];
    await start();
    await until(() => waiting.length === 0);
    expect(turns).toBe(3);
    expect(await database.sql('select from billing.stuck_work')).toEqual([]);
  });

  it('works many rows at once, and row by row when one of them cannot be worked: it alone is stuck', async () => {
    const ids = ['a', 'b', 'bad', 'c'];
    const app = await start();
    const [db, doorbell] = [app.get(DataSource), app.get(Doorbell)];
    await db.transaction((tx) => doorbell.ringAll(tx, 'billing.close-period', ids));
    await until(async () => (await database.sql('select from billing.stuck_work')).length === 1 && inBatches.length === 3);
    expect(batches[0]).toHaveLength(4);
    expect(inBatches.toSorted()).toEqual(['a', 'b', 'c']);
    expect(await database.sql('select queue, row_id, last_error from billing.stuck_work')).toEqual([
      { queue: 'billing.close-period', row_id: 'bad', last_error: 'Error: nobody can work this' },
    ]);
  });

  it('works a row in one process at a time, and again when it was rung for meanwhile', async () => {
    behave = () => sleep(400);
    const [first, second] = [await start(), await start()];
    for (const app of [first, second]) {
      await app.get(Doorbell).ringNow('billing.rate-period', 'contended');
      await sleep(150);
    }
    await until(() => seen.length >= 2);
    expect(mostAtOnce).toBe(1);
  });

  it('locks a row over all processes, and lets it go when it is released or its holder is cut off', async () => {
    const [first, second] = [(await start()).get(RowLocks), (await start()).get(RowLocks)];
    const release = await first.tryLock('row');
    expect(release).toBeTypeOf('function');
    expect(await first.tryLock('row')).toBeUndefined();
    expect(await second.tryLock('row')).toBeUndefined();
    await release!();
    expect(await second.tryLock('row')).toBeTypeOf('function');
    // As when the process that holds it is killed: its session ends, and with that the lock.
    await database.sql(`select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and granted and pid <> pg_backend_pid()
      and database = (select oid from pg_database where datname = current_database())`);
    let again: Awaited<ReturnType<RowLocks['tryLock']>>;
    await until(async () => Boolean((again = await first.tryLock('row').catch(() => undefined))));
    await again!();
  });
});
