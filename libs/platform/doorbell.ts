/** Rings a stage's doorbell: a job with a row's id, sent in the transaction that writes the row, so both happen or neither. */
import { Injectable } from '@nestjs/common';
import { PgBoss, type Db, type JobInsert } from 'pg-boss';
import type { EntityManager } from 'typeorm';
import { currentRequestId } from './log.ts';
import type { QueueName } from './queues.ts';

/** All that a job carries. The row is the truth. */
export interface Ring {
  id: string;
  requestId?: string;
}

@Injectable()
export class Doorbell {
  constructor(private readonly boss: PgBoss) {}

  /**
   * @param tx the transaction that writes the row; the job is there when it commits.
   * @param id the row's id; a job already waiting for it is enough, so ringing twice does no more than once.
   */
  async ring(tx: EntityManager, queue: QueueName, id: string): Promise<void> {
    await this.boss.send(queue, { id, requestId: currentRequestId() } satisfies Ring, {
      singletonKey: id,
      db: inTransaction(tx),
    });
  }

  /** The same for many rows, in one statement. */
  async ringAll(tx: EntityManager, queue: QueueName, ids: readonly string[]): Promise<void> {
    if (ids.length > 0) await this.boss.insert(queue, jobsFor(ids), { db: inTransaction(tx) });
  }

  /** Rings outside of any transaction, for rows that are there already. */
  async ringNow(queue: QueueName, id: string, afterSeconds = 0): Promise<void> {
    const data: Ring = { id, requestId: currentRequestId() };
    await this.boss.send(queue, data, { singletonKey: id, ...(afterSeconds > 0 ? { startAfter: afterSeconds } : {}) });
  }

  async ringAllNow(queue: QueueName, ids: readonly string[]): Promise<void> {
    if (ids.length > 0) await this.boss.insert(queue, jobsFor(ids));
  }
}

const jobsFor = (ids: readonly string[]): JobInsert<Ring>[] =>
  ids.map((id) => ({ data: { id, requestId: currentRequestId() }, singletonKey: id }));

function inTransaction(tx: EntityManager): Db {
  return {
    executeSql: async (text, values) => {
      const result = await tx.queryRunner!.query(text, values, true);
      return { rows: result.records ?? [] };
    },
  };
}
