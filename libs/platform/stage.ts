/**
 * Background steps. A Stage is one file, one class, one queue: load → decide → act → record. The row is the truth and the job
 * only a doorbell; the sweep finds due rows whose doorbell was lost. A step that fails says why in its schema's `stuck_work`.
 */
import {
  Inject,
  Injectable,
  type OnApplicationBootstrap,
  type BeforeApplicationShutdown,
  type Provider,
  type Type,
} from '@nestjs/common';
import { PgBoss, type Job } from 'pg-boss';
import type { Logger } from 'pino';
import { Counter, Histogram } from 'prom-client';
import { DataSource } from 'typeorm';
import { Clock } from './clock.ts';
import { Doorbell, type Ring } from './doorbell.ts';
import { newId } from './ids.ts';
import { withRequestId } from './log.ts';
import type { QueueName } from './queues.ts';
import { RowLocks } from './row-locks.ts';
import { APP, BELLS, LOG, type App } from './tokens.ts';

export abstract class Stage {
  abstract readonly queue: QueueName;
  /** How many rows, or batches of them, one process works at the same time. */
  readonly concurrency: number = 2;
  /** How many rows `workAll` takes at once. */
  readonly batch: number = 1;

  /**
   * Takes one row a step further, or finds that there is nothing to do. Called again after a crash or a failure, and
   * possibly for a row that needs nothing: decide from the row, never from having been called. Errors are retried; one with
   * `postpones` says that it is not this row's turn yet, which is no failure: it is found by the next sweep.
   */
  abstract work(id: string): Promise<void>;

  /** The same of many rows in one go, all or none, where that is faster. When it fails, each is worked by itself. */
  async workAll(ids: readonly string[]): Promise<void> {
    for (const id of ids) await this.work(id);
  }

  /** Ids of rows that need work now, at most a few hundred; the sweep rings for each. */
  abstract due(): Promise<string[]>;
}

const STAGES = Symbol('stages');

/** Registers stages in a module, in the order in which money (or a machine) flows through them. */
export function stages(...types: Array<Type<Stage>>): Provider[] {
  return [...types, { provide: STAGES, useFactory: (...all: Stage[]) => all, inject: types }, StageRunner];
}

const worked = new Counter({
  name: 'slipway_stage_total',
  help: 'Rows worked, by queue and outcome',
  labelNames: ['queue', 'outcome'],
});
const seconds = new Histogram({ name: 'slipway_stage_seconds', help: 'Time one row took, by queue', labelNames: ['queue'] });

/** Works the queues of a process, sweeps for due rows, and remembers what is stuck. */
@Injectable()
export class StageRunner implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly timers: NodeJS.Timeout[] = [];
  private readonly sweeping = new Set<Promise<void>>();
  private stopping = false;

  constructor(
    @Inject(STAGES) readonly stages: Stage[],
    @Inject(APP) private readonly app: App,
    @Inject(LOG) private readonly log: Logger,
    @Inject(BELLS) private readonly bells: PgBoss[],
    private readonly db: DataSource,
    private readonly locks: RowLocks,
    private readonly doorbell: Doorbell,
    private readonly clock: Clock,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    if (this.app.stages === 'by-hand') return;
    for (const stage of this.stages) {
      // A delayed ring is not notified of when its time comes, so it is polled for, also while notifications work.
      const options = {
        localConcurrency: stage.concurrency,
        pollingIntervalSeconds: 1,
        notifyPollingIntervalSeconds: 1,
        batchSize: stage.batch,
      };
      for (const boss of this.bells)
        await boss.work<Ring>(stage.queue, options, (jobs: Job<Ring>[]) =>
          this.runAll(
            stage,
            jobs.map((job) => job.data),
          ),
        );
      this.sweepEvery(stage, this.app.sweepSeconds);
    }
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping = true;
    for (const timer of this.timers) clearTimeout(timer);
    await Promise.allSettled(this.sweeping);
  }

  /**
   * Works every due row of every stage once, here and now: what tests call in place of waiting.
   * @returns how many rows were worked.
   * @throws the first error a stage throws; one that postpones its row when all others were worked.
   */
  async settleOnce(): Promise<number> {
    let count = 0;
    let postponed: Error | undefined;
    for (const stage of this.stages) {
      const due = await this.dueNow(stage);
      count += due.length;
      for (let start = 0; start < due.length; start += stage.batch)
        await stage.workAll(due.slice(start, start + stage.batch)).catch((error: unknown) => {
          if (!isPostponing(error)) throw error;
          postponed ??= error;
        });
    }
    if (postponed) throw postponed;
    return count;
  }

  /** Rings for due rows of a stage. Rows that failed wait for their next try. */
  async sweep(stage: Stage): Promise<void> {
    await this.doorbell.ringAllNow(stage.queue, await this.dueNow(stage));
  }

  /** A batch; when it fails, row by row, so that one that cannot be worked holds up no other. */
  private async runAll(stage: Stage, rings: readonly Ring[]): Promise<void> {
    if (rings.length === 1 || !(await this.runBatch(stage, rings)))
      for (const { id, requestId } of rings) await this.run(stage, id, requestId ?? newId());
  }

  /** @returns false when it failed: then nothing was done of it. */
  private async runBatch(stage: Stage, rings: readonly Ring[]): Promise<boolean> {
    const locked = new Map<string, () => Promise<void>>();
    const started = performance.now();
    try {
      for (const { id } of rings) {
        const release = await this.locks.tryLock(`${stage.queue}:${id}`);
        if (release) locked.set(id, release);
        else await this.doorbell.ringNow(stage.queue, id, 1);
      }
      const ids = [...locked.keys()];
      if (ids.length > 0) await withRequestId(newId(), () => stage.workAll(ids));
      await this.unstick(stage.queue, ids);
      worked.inc({ queue: stage.queue, outcome: 'done' }, ids.length);
      for (const _ of ids) seconds.observe({ queue: stage.queue }, (performance.now() - started) / 1000 / ids.length);
      return true;
    } catch (error) {
      this.log.debug({ queue: stage.queue, error: messageOf(error) }, 'a batch failed, its rows are worked one by one');
      return false;
    } finally {
      for (const release of locked.values()) await release();
    }
  }

  private async run(stage: Stage, id: string, requestId: string): Promise<void> {
    await withRequestId(requestId, async () => {
      const release = await this.locks.tryLock(`${stage.queue}:${id}`);
      // Somebody works on this row: look again soon, for it may have loaded the row before the change we were rung for.
      if (!release) return this.doorbell.ringNow(stage.queue, id, 1);
      const stop = seconds.startTimer({ queue: stage.queue });
      try {
        await stage.work(id);
        await this.unstick(stage.queue, [id]);
        worked.inc({ queue: stage.queue, outcome: 'done' });
        this.log.debug({ queue: stage.queue, id }, 'worked');
      } catch (error) {
        if (isPostponing(error)) {
          worked.inc({ queue: stage.queue, outcome: 'postponed' });
          this.log.debug({ queue: stage.queue, id, why: messageOf(error) }, 'postponed');
          return;
        }
        worked.inc({ queue: stage.queue, outcome: 'failed' });
        this.log.warn({ queue: stage.queue, id, error: messageOf(error) }, 'stage failed, will be tried again');
        await this.stick(stage.queue, id, error).catch((reason: unknown) =>
          this.log.error({ error: messageOf(reason) }, 'stuck work not recorded'),
        );
      } finally {
        stop();
        await release();
      }
    });
  }

  /**
   * What is due and does not wait for its next try; and what failed and may be tried again, due or not: a COMMIT whose answer was lost has
   * done the work, and only working the row again finds that out.
   */
  private async dueNow(stage: Stage): Promise<string[]> {
    const due = await stage.due();
    const stuck: Array<{ row_id: string; is_ripe: boolean }> = await this.db.query(
      `select stuck_work.row_id, stuck_work.next_try_at <= $2 as is_ripe from ${this.app.name}.stuck_work where stuck_work.queue = $1`,
      [stage.queue, new Date()],
    );
    const held = new Set(stuck.filter((row) => !row.is_ripe).map((row) => row.row_id));
    const ripe = stuck.filter((row) => row.is_ripe).map((row) => row.row_id);
    return [...new Set([...due.filter((id) => !held.has(id)), ...ripe])];
  }

  private sweepEvery(stage: Stage, everySeconds: number): void {
    const again = (): void => {
      if (this.stopping) return;
      const sweep = this.sweep(stage)
        .catch((error: unknown) => this.log.warn({ queue: stage.queue, error: messageOf(error) }, 'sweep failed'))
        .finally(() => {
          this.sweeping.delete(sweep);
          if (!this.stopping) this.timers.push(setTimeout(again, everySeconds * 1000));
        });
      this.sweeping.add(sweep);
    };
    again();
  }

  /** Retries wait 1 s, 2 s, 4 s … up to 10 minutes, in real time: a moved Clock must not hold back or hurry a retry. */
  private async stick(queue: QueueName, id: string, error: unknown): Promise<void> {
    await this.db.query(
      `insert into ${this.app.name}.stuck_work as stuck (queue, row_id, attempts, last_error, since, next_try_at)
       values ($1, $2, 1, $3, $4, clock_timestamp() + interval '1 second')
       on conflict (queue, row_id) do update set attempts = stuck.attempts + 1, last_error = excluded.last_error,
         next_try_at = clock_timestamp() + least(power(2, least(stuck.attempts, 12)), 600) * interval '1 second'`,
      [queue, id, messageOf(error).slice(0, 2000), this.clock.now()],
    );
  }

  private async unstick(queue: QueueName, ids: readonly string[]): Promise<void> {
    await this.db.query(`delete from ${this.app.name}.stuck_work where stuck_work.queue = $1 and stuck_work.row_id = any($2)`, [
      queue,
      ids,
    ]);
  }
}

const isPostponing = (error: unknown): error is Error =>
  error instanceof Error && 'postpones' in error && error.postpones === true;

const messageOf = (error: unknown): string => (error instanceof Error ? `${error.name}: ${error.message}` : String(error));
