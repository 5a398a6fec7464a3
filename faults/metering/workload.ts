/**
 * Clients that report usage as SDKs do: seeded, repeating what was not answered, now and then repeating what was, or contradicting it.
 * What was answered is kept in a model, with which the tables are compared in the end.
 */
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { hourOf } from '#domain/usage.ts';
import { DIMENSIONS, type Machine, type Shop } from '../../bench/metering/marketplace.ts';
import { signedRequest } from '../../bench/metering/wire-load.ts';

const ANSWER_WITHIN_MS = 20_000;
/** SDKs give up earlier; the agent and a vendor's own spool do not, inside of six hours. */
const GIVE_UP_AFTER_MS = 60_000;
const MOST_QUANTITY = 2_147_483_647;

export interface Report {
  /** Subscription, hour, source, dimension. */
  key: string;
  subscriptionId: string;
  sourceId: string;
  /** Epoch seconds of the hour. */
  time: number;
  dimension: string;
  quantity: number;
}

interface Acknowledged {
  recordId: string;
  quantity: number;
}

export class Workload {
  /** Every quantity that was ever sent for a key. */
  readonly sent = new Map<string, Set<number>>();
  readonly acknowledged = new Map<string, Acknowledged>();
  readonly violations: string[] = [];
  /** Milliseconds that each answer took, whatever it was. */
  readonly latencies: number[] = [];
  answers = 0;
  /** Tries that were not answered, or with an error that is to be repeated. */
  repeats = 0;
  private stopped = false;

  constructor(
    private readonly shop: Shop,
    private readonly port: number,
    private readonly random: () => number,
  ) {}

  /** Reports until `stop`, with so many clients at once. Each finishes what it has begun. */
  async run(clients: number): Promise<void> {
    await Promise.all(
      Array.from({ length: clients }, async () => {
        while (!this.stopped) await (this.random() < 0.5 ? this.single() : this.batch());
      }),
    );
  }

  stop(): void {
    this.stopped = true;
  }

  private async single(): Promise<void> {
    const machine = pick(this.shop.machines, this.random);
    const report = this.report(machine.subscriptionId, machine.instanceId);
    const answer = await this.ask('MeterUsage', single(this.shop, report), machine);
    if (!answer) return;
    if (answer.status === 200) this.hears(report, String(answer.body.MeteringRecordId));
    else if (answer.body.__type === 'DuplicateRequestException') this.hearsOther(report);
    else this.violations.push(`MeterUsage answered ${answer.status} ${JSON.stringify(answer.body)}`);
  }

  private async batch(): Promise<void> {
    const count = 1 + Math.floor(this.random() * 25);
    const reports = Array.from({ length: count }, () => {
      const customer = pick(this.shop.customers, this.random);
      return this.report(customer.subscriptionId, customer.subscriptionId);
    });
    const UsageRecords = reports.map((report) => ({
      Timestamp: report.time,
      CustomerIdentifier: `c${report.subscriptionId}`,
      Dimension: report.dimension,
      Quantity: report.quantity,
    }));
    const answer = await this.ask('BatchMeterUsage', { ProductCode: this.shop.productCode, UsageRecords }, this.shop.vendor);
    if (!answer) return;
    if (answer.status !== 200) {
      this.violations.push(`BatchMeterUsage answered ${answer.status} ${JSON.stringify(answer.body)}`);
      return;
    }
    const results = answer.body.Results as Array<{ Status: string; MeteringRecordId: string }>;
    for (const [index, report] of reports.entries()) {
      const result = results[index]!;
      if (result.Status === 'Success') this.hears(report, result.MeteringRecordId);
      else if (result.Status === 'DuplicateRecord') this.hearsOther(report);
      else this.violations.push(`${report.key} was answered ${result.Status}`);
    }
  }

  /** A few keys, so that many meet: most of the time the quantity that belongs to the key, sometimes another. */
  private report(subscriptionId: string, sourceId: string): Report {
    const time = hourOf(new Date()).getTime() / 1000 - Math.floor(this.random() * 3) * 3600;
    const dimension = DIMENSIONS[Math.floor(this.random() * 8)]!;
    const key = [subscriptionId, time, sourceId, dimension].join(' ');
    const usual = quantityOf(key);
    const quantity = this.random() < 0.9 ? usual : Math.floor(this.random() * 1000);
    this.sent.set(key, (this.sent.get(key) ?? new Set()).add(quantity));
    return { key, subscriptionId, sourceId, time, dimension, quantity };
  }

  private hears({ key, quantity }: Report, recordId: string): void {
    const known = this.acknowledged.get(key);
    if (known && (known.recordId !== recordId || known.quantity !== quantity))
      this.violations.push(`${key}: ${quantity} was acknowledged as ${recordId}, after ${known.quantity} as ${known.recordId}`);
    this.acknowledged.set(key, { recordId, quantity });
  }

  /** Another quantity stands there: then another must have been sent, and ours not acknowledged. */
  private hearsOther({ key, quantity }: Report): void {
    if (this.acknowledged.get(key)?.quantity === quantity)
      this.violations.push(`${key}: ${quantity} was acknowledged and then refused`);
    if ((this.sent.get(key)?.size ?? 0) < 2) this.violations.push(`${key}: nothing but ${quantity} was sent, and it was refused`);
  }

  /** Asks until there is an answer that is not to be repeated. @returns undefined when the run ended without one. */
  private async ask(operation: string, body: object, signing: Machine | Shop['vendor']): Promise<Answer | undefined> {
    const until = Date.now() + GIVE_UP_AFTER_MS;
    for (let attempt = 0; Date.now() < until; attempt += 1) {
      const started = performance.now();
      const answer = await tryOnce(this.port, signedRequest(this.port, operation, body, signing)).catch(() => undefined);
      this.latencies.push(performance.now() - started);
      if (answer && answer.status < 500 && answer.body.__type !== 'ThrottlingException') {
        this.answers += 1;
        return answer;
      }
      this.repeats += 1;
      await sleep(Math.min(1_000, 50 * 2 ** attempt) * (0.5 + this.random() / 2));
    }
    this.violations.push(`${operation} was not answered within ${GIVE_UP_AFTER_MS / 1000} s`);
    return undefined;
  }
}

interface Answer {
  status: number;
  body: Record<string, unknown>;
}

/** One request over a connection of its own, so that a balancer gives it to anybody. */
export function tryOnce(port: number, request: Buffer): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(request));
    let text = '';
    const late = setTimeout(() => socket.destroy(new Error('no answer')), ANSWER_WITHIN_MS);
    socket.setEncoding('utf8');
    socket.on('data', (chunk: string) => {
      text += chunk;
      const end = text.indexOf('\r\n\r\n');
      const length = /content-length: *(\d+)/i.exec(text)?.[1];
      if (end < 0 || length === undefined || Buffer.byteLength(text.slice(end + 4)) < Number(length)) return;
      clearTimeout(late);
      socket.destroy();
      resolve({ status: Number(text.slice(9, 12)), body: JSON.parse(text.slice(end + 4) || '{}') as Record<string, unknown> });
    });
    socket.on('error', reject);
    socket.on('close', () => {
      clearTimeout(late);
      reject(new Error('closed without an answer'));
    });
  });
}

const single = ({ productCode }: Shop, { time, dimension, quantity }: Report): object => ({
  ProductCode: productCode,
  Timestamp: time,
  UsageDimension: dimension,
  UsageQuantity: quantity,
});

/** What is right for a key: zero, the most there is, or something between, the same each time. */
function quantityOf(key: string): number {
  let hash = 7;
  for (const character of key) hash = (hash * 31 + character.charCodeAt(0)) % 2 ** 31;
  return hash % 10 === 0 ? 0 : hash % 10 === 1 ? MOST_QUANTITY : hash % 100_000;
}

const pick = <T>(from: readonly T[], random: () => number): T => from[Math.floor(random() * from.length)]!;

/** Random numbers that a seed brings back (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
