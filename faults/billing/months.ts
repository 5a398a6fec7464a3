/**
 * Month after month of the same: Globex uses Acme's Vault for 38.63 USD, is billed and charged, gets back 1.01 of the month before, and
 * Acme is paid. Whatever is broken meanwhile, after each month the book has to be what it is when nothing is.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { billingWorld, type World } from '../../apps/billing/src/testing/world.ts';
import { NamedProcess } from '../../tools/processes.ts';
import { temporaryFolder } from '../../tools/temporary.ts';
import type { TestDatabase } from '#testing/database.ts';

type Balances = Record<string, bigint>;

/** What is done at the two moments of a month when there is something to do. */
export interface Month {
  /** On the 1st: rated, closed, collected, split, reserved and sent; last month's refund. */
  close?: () => Promise<void>;
  /** On the 3rd: Stripe lets the money go to the bank. */
  payOut?: () => Promise<void>;
  /** Stripe's news may never come: it is waited for two nights, in which it is asked for. */
  isDeaf?: boolean;
}

export class Months {
  private number = 0;
  private readonly ends: Balances[] = [];
  readonly violations: string[] = [];

  private constructor(
    readonly world: World,
    private readonly logs: string,
  ) {}

  static async open(database?: TestDatabase): Promise<Months> {
    const world = await billingWorld({ ...(database && { database }) });
    await world.openAccounts();
    await world.settled();
    const months = new Months(world, temporaryFolder('slipway-victims-'));
    // The first has nothing to give back, the second is what each is measured by.
    await months.play({});
    await months.play({});
    await months.play({});
    return months;
  }

  async play({ close, payOut, isDeaf = false }: Month): Promise<void> {
    const { world } = this;
    const first = new Date(Date.UTC(2026, this.number, 10));
    const next = new Date(Date.UTC(2026, this.number + 1, 1, 6, 10));
    this.number += 1;
    const day = first.toISOString().slice(0, 10);
    await world.used(day, 'hours', 370n);
    await world.used(day, 'users', 23n);
    await world.metered(new Date(Date.UTC(2026, this.number, 1)).toISOString());
    world.moveTo(next.toISOString());
    await this.refundTheLast();
    await close?.();
    await this.settle(isDeaf);
    world.moveTo(new Date(next.getTime() + 2 * 86_400_000 + 60_000).toISOString());
    await payOut?.();
    await this.settle(isDeaf);
    // Stripe's clock went on while a victim worked, so that its bank is seconds ahead of ours.
    for (const by of isDeaf ? [{ hours: 25 }, { hours: 25 }] : [{ minutes: 10 }]) {
      world.advance(by);
      await this.settle(isDeaf);
    }
    await this.check();
  }

  private async settle(isDeaf: boolean): Promise<void> {
    const { world } = this;
    if (!isDeaf) return world.settled();
    await world.app.settle();
    await world.app.settle(async () => (await world.stage('billing.apply-event').due()).length === 0);
  }

  /** A billing in a process of its own, killed at that point; 0: it lives. @returns all that it said to the database and to Stripe */
  async victim(killAt: number): Promise<string[]> {
    const name = `billing-${this.number}-${killAt}`;
    const { settings, clock } = this.world;
    const victim = new NamedProcess({
      name,
      script: 'faults/billing/victim.ts',
      env: { ...settings, NOW: clock.now().toISOString(), KILL_AT: String(killAt) },
      logFile: join(this.logs, `${name}.log`),
    });
    const how = await new Promise<string>((done) => {
      victim.onCrash = done;
      victim.start();
    });
    // The last lines may still be on their way through the pipe.
    await sleep(20);
    const said = victim.lastWords(50_000).split('\n');
    if (how !== 'killed by SIGKILL' && how !== 'exit code 0')
      throw new Error(`The victim ended by ${how}: ${said.slice(-12).join('\n')}`);
    return said.filter((line) => /^\d+ (sql|http) /.test(line));
  }

  async close(): Promise<void> {
    await this.world.close();
    rmSync(this.logs, { recursive: true, force: true });
  }

  /** I8, I9: the two sides tell the same of all that there was. */
  async reconcile(): Promise<void> {
    const { world } = this;
    const end = world.clock.now().getTime();
    const step = 90 * 86_400_000;
    for (let from = new Date('2026-01-01T00:00:00Z').getTime(); from < end; from += step) {
      const window = { from: new Date(from).toISOString(), to: new Date(from + step).toISOString() };
      const { body } = await world.as('operator').post<{ id: string }>('/v1/reconciliations', window);
      await world.app.settle();
      const { body: seen } = await world
        .as('operator')
        .get<{ finishedAt: string | null; differences: unknown[] }>(`/v1/reconciliations/${body.id}`);
      if (!seen.finishedAt) this.violations.push(`the reconciliation from ${window.from} did not finish`);
      for (const difference of seen.differences) this.violations.push(`reconciliation: ${JSON.stringify(difference)}`);
    }
  }

  private async refundTheLast(): Promise<void> {
    const [last] = await this.world.database.sql<{ id: string }>(
      `select id from billing.invoice where state = 'paid' order by period_start desc limit 1`,
    );
    if (!last) return;
    const asked = { invoiceId: last.id, amountMinor: '101', reason: 'Sorry.' };
    const { status, body } = await this.world.as('operator').post('/v1/refunds', asked, `refund-of-${last.id}`);
    if (status !== 201) throw new Error(`No refund: ${JSON.stringify(body)}`);
  }

  /** I4, I6, I8, I10: one of each for each month, a book that sums to zero, and the same end as every other month's. */
  private async check(): Promise<void> {
    const { sql } = this.world.database;
    const where = `month ${this.number}`;
    const [rows] = await sql<Record<string, number>>(`select
      (select count(*)::int from billing.invoice where state = 'paid') as invoices,
      (select count(distinct number)::int from billing.invoice) as numbers,
      (select count(*)::int from billing.payment where state = 'succeeded') as payments,
      (select count(*)::int from billing.payout where state = 'paid') as payouts,
      (select count(*)::int + 1 from billing.refund where state = 'succeeded') as refunds,
      (select ${this.number} + count(*)::int from billing.external_call where state in ('in_flight', 'unknown')) as calls,
      (select ${this.number} + count(*)::int from billing.inbound_event where handled_at is null) as events`);
    for (const [what, count] of Object.entries(rows!))
      if (count !== this.number) this.violations.push(`${where}: ${what} ${count}, not ${this.number}`);
    const balances = await this.world.balances();
    const total = Object.values(balances).reduce((sum, balance) => sum + balance, 0n);
    if (total !== 0n) this.violations.push(`${where}: the book is out of balance by ${total}`);
    this.ends.push(balances);
    const [, second, third] = this.ends;
    if (!second || !third || this.number <= 3) return;
    for (const name of new Set([...Object.keys(third), ...Object.keys(balances)])) {
      const step = (third[name] ?? 0n) - (second[name] ?? 0n);
      const expected = (third[name] ?? 0n) + BigInt(this.number - 3) * step;
      if ((balances[name] ?? 0n) !== expected)
        this.violations.push(`${where}: ${name} is ${balances[name] ?? 0n}, not ${expected}`);
    }
  }
}
