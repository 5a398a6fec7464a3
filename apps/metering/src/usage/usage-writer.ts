/**
 * Writes accepted usage, once and for ever. The primary key (subscription, hour, source, dimension) is the deduplication; the hash
 * of what was asked for tells a repeat from a conflict. Reports that arrive together are written together: a group is one
 * statement, a few groups are under way at a time, and nobody is answered before COMMIT.
 */
import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { canonicalUsage, hourOf, type Allocation } from '#domain/usage.ts';
import { Clock } from '#platform/clock.ts';
import { sha256 } from '#platform/seal.ts';
import { insertStatement, standingStatement, type StandingRow, type UsageRow } from './insert-usage.ts';
import { UsageDatabase } from './usage-database.ts';

export interface NewUsage {
  subscriptionId: string;
  /** Anywhere in the hour of use. */
  at: Date;
  /** The instance that reports, or the subscription itself for usage its vendor reports. */
  sourceId: string;
  dimension: string;
  quantity: number;
  allocations?: Allocation[];
  /** The access key, or `platform` for what we counted ourselves. */
  signedBy: string;
  /** The caller's own name for this request, with all that it asked for. */
  clientToken?: { token: string; request: string };
}

export interface Receipt {
  /** The record that stands for the hour: ours, an equal earlier one, or the one that differs. */
  recordId: string;
  outcome: 'accepted' | 'repeated' | 'differs';
}

/** A client token came back with another request. Of that report nothing was recorded. */
export class ClientTokenReused extends Error {
  override readonly name = 'ClientTokenReused';
}

/** More reports wait than can be written soon. Nothing was recorded; the same report again is right. */
export class TooMuchUsage extends Error {
  override readonly name = 'TooMuchUsage';
}

/** Statements under way at a time: while one waits for the disk, the next is being put together. */
const GROUPS_AT_ONCE = 3;
const ROWS_PER_GROUP = 2_000;
/** Rows that wait to be written; with more, whoever comes is asked to come again later. */
const MOST_WAITING = 20_000;
/**
 * Errors of PostgreSQL after which the same statement is right: 40P01, it gave up on one of two groups that waited for each other;
 * 23514, the day of a record got its partition while the record was on its way into the default one. Nothing was written.
 */
const AGAIN = new Set(['40P01', '23514']);
const MOST_ATTEMPTS = 5;

/** One call of `record`: its rows are written together or not at all. */
interface Call {
  rows: UsageRow[];
  resolve: (receipts: Array<Receipt | ClientTokenReused>) => void;
  reject: (error: unknown) => void;
}

@Injectable()
export class UsageWriter {
  private readonly waiting: Call[] = [];
  private rowsWaiting = 0;
  private groups = 0;
  private isStarting = false;

  constructor(
    private readonly database: UsageDatabase,
    private readonly clock: Clock,
  ) {}

  /**
   * Records what is new; the receipts are in the order of `rows` and hold once this has returned. Of rows with the same key the
   * first counts. Nothing is ever added up.
   * @throws ClientTokenReused when the only row comes with another request's client token.
   * @throws TooMuchUsage
   */
  async record(rows: readonly NewUsage[]): Promise<Receipt[]> {
    if (rows.length === 0) return [];
    const outcomes = await this.written(rows.map(toRow));
    const reused = outcomes.find((outcome) => outcome instanceof ClientTokenReused);
    if (reused) throw reused;
    return outcomes as Receipt[];
  }

  private written(rows: UsageRow[]): Promise<Array<Receipt | ClientTokenReused>> {
    if (this.rowsWaiting + rows.length > MOST_WAITING && this.waiting.length > 0)
      return Promise.reject(new TooMuchUsage('More usage is waiting to be recorded than can be soon; report it again.'));
    return new Promise((resolve, reject) => {
      this.waiting.push({ rows, resolve, reject });
      this.rowsWaiting += rows.length;
      this.startGroups();
    });
  }

  /** What is read from the network in one turn of the event loop goes into one group. */
  private startGroups(): void {
    if (this.isStarting || this.waiting.length === 0 || this.groups >= GROUPS_AT_ONCE) return;
    this.isStarting = true;
    setImmediate(() => {
      this.isStarting = false;
      this.groups += 1;
      void this.writeGroup(this.nextGroup()).finally(() => {
        this.groups -= 1;
        this.startGroups();
      });
      this.startGroups();
    });
  }

  private nextGroup(): Call[] {
    const group: Call[] = [];
    let size = 0;
    while (this.waiting.length > 0 && (size === 0 || size + this.waiting[0]!.rows.length <= ROWS_PER_GROUP)) {
      const call = this.waiting.shift()!;
      size += call.rows.length;
      group.push(call);
    }
    this.rowsWaiting -= size;
    return group;
  }

  /** Never throws: each call hears what became of it. */
  private async writeGroup(group: Call[]): Promise<void> {
    if (group.length === 0) return;
    try {
      const outcomes = await this.write(group.flatMap((call) => call.rows));
      for (const call of group) call.resolve(call.rows.map((row) => outcomes.get(row)!));
    } catch (error) {
      // What one report does wrong must not be answered to the others.
      if (group.length > 1 && isAboutARow(error)) {
        for (const call of group) await this.writeGroup([call]);
        return;
      }
      for (const call of group) call.reject(error);
    }
  }

  private async write(rows: UsageRow[]): Promise<Map<UsageRow, Receipt | ClientTokenReused>> {
    const sorted = [...rows].sort(byKey);
    const inserted = await this.insert(withoutRepeatedTokens(sorted));
    const outcomes = new Map<UsageRow, Receipt | ClientTokenReused>();
    const standing: UsageRow[] = [];
    for (const row of sorted) {
      if (inserted.has(row.recordId)) outcomes.set(row, { recordId: row.recordId, outcome: 'accepted' });
      else standing.push(row);
    }
    if (standing.length === 0) return outcomes;
    // Committed, so whatever stood in the way can be read, and will never change.
    const found = await this.database.query<StandingRow>(standingStatement(standing));
    for (const stood of found) outcomes.set(standing[stood.index]!, compared(standing[stood.index]!, stood));
    return outcomes;
  }

  /** @returns ids of the records that are new. */
  private async insert(rows: UsageRow[]): Promise<Set<string>> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        const statement = insertStatement(rows, { receivedAt: this.clock.now(), mark: randomUUID() });
        const inserted = await this.database.query<{ record_id: string }>(statement);
        return new Set(inserted.map((row) => row.record_id));
      } catch (error) {
        if (!AGAIN.has((error as { code?: string }).code ?? '') || attempt >= MOST_ATTEMPTS) throw error;
      }
    }
  }
}

/** A client token that comes twice in a group is sent once; what the other asked for is compared with what was kept. */
function withoutRepeatedTokens(rows: UsageRow[]): UsageRow[] {
  if (rows.every((row) => row.clientToken === undefined)) return rows;
  const seen = new Set<string>();
  return rows.filter(({ subscriptionId, sourceId, clientToken }) => {
    if (!clientToken) return true;
    const key = `${subscriptionId} ${sourceId} ${clientToken.token}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

function compared({ clientToken, requestSha }: UsageRow, stood: StandingRow): Receipt | ClientTokenReused {
  if (clientToken && stood.token_sha && !stood.token_sha.equals(clientToken.sha))
    return new ClientTokenReused('This client token was used for another request.');
  if (!stood.record_id || !stood.request_sha) throw new Error('A record was neither written nor found.');
  return { recordId: stood.record_id, outcome: stood.request_sha.equals(requestSha) ? 'repeated' : 'differs' };
}

const toRow = ({ clientToken, ...usage }: NewUsage): UsageRow => ({
  subscriptionId: usage.subscriptionId,
  hour: hourOf(usage.at),
  sourceId: usage.sourceId,
  dimension: usage.dimension,
  quantity: usage.quantity,
  allocations: usage.allocations ?? [],
  // Nothing is ordered by it, so it need not be one of the ids that sort by time and cost more to make.
  recordId: randomUUID(),
  requestSha: sha256(canonicalUsage(usage.quantity, usage.allocations ?? [])),
  signedBy: usage.signedBy,
  clientToken: clientToken && { token: clientToken.token, sha: sha256(clientToken.request) },
});

/** In the order of the primary key; Array.sort is stable, so of equal keys the first stays first. */
function byKey(a: UsageRow, b: UsageRow): number {
  if (a.subscriptionId !== b.subscriptionId) return a.subscriptionId < b.subscriptionId ? -1 : 1;
  const hours = a.hour.getTime() - b.hour.getTime();
  if (hours !== 0) return hours;
  if (a.sourceId !== b.sourceId) return a.sourceId < b.sourceId ? -1 : 1;
  return a.dimension === b.dimension ? 0 : a.dimension < b.dimension ? -1 : 1;
}

/** Classes 22 and 23 of PostgreSQL's error codes: a value or a constraint, so something in one of the rows. */
const isAboutARow = (error: unknown): boolean => /^2[23]/.test((error as { code?: string }).code ?? '');
