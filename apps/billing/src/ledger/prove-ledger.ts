/** Proves the book once a day: it sums to zero as a whole and journal by journal, and what only passes through does pass. */
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { CLEARING_ACCOUNTS, proofOf, type BookSeen } from '#domain/ledger/proof.ts';
import { dayOf } from '#domain/period.ts';
import { Clock } from '#platform/clock.ts';
import { Stage } from '#platform/stage.ts';
import { LedgerProof } from '#tables/billing/journal-seal.ts';

@Injectable()
export class ProveLedger extends Stage {
  readonly queue = 'billing.prove-ledger';

  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
  ) {
    super();
  }

  /** @param id a UTC day: today, or nothing is done. */
  async work(id: string): Promise<void> {
    const now = this.clock.now();
    if (id !== dayOf(now)) return;
    const [{ journals }] = await this.db.query('select count(*)::text as journals from billing.journal');
    const seen = await this.look();
    const findings = proofOf(seen, now);
    await this.db.manager
      .createQueryBuilder()
      .insert()
      .into(LedgerProof)
      .values({
        day: id,
        provenAt: now,
        journals: BigInt(journals),
        isSound: findings.length === 0,
        findings,
        clearing: [...seen.clearing],
      })
      .orIgnore()
      .execute();
  }

  async due(): Promise<string[]> {
    const day = dayOf(this.clock.now());
    return (await this.db.manager.existsBy(LedgerProof, { day })) ? [] : [day];
  }

  private async look(): Promise<BookSeen> {
    const totals: Array<{ currency: string; total: string }> = await this.db.query(
      'select posting.currency, sum(posting.amount_minor)::text as total from billing.posting group by posting.currency',
    );
    const unbalanced: Array<{ idem_key: string }> = await this.db.query(
      `select distinct journal.idem_key from billing.posting join billing.journal on journal.id = posting.journal_id
        group by journal.id, posting.currency having sum(posting.amount_minor) <> 0 limit 100`,
    );
    const clearing: Array<{ account: string; currency: string; balance: string; since: Date }> = await this.db.query(CLEARING, [
      CLEARING_ACCOUNTS,
    ]);
    return {
      totals: totals.map(({ currency, total }) => ({ currency, total: BigInt(total) })),
      unbalanced: unbalanced.map((row) => row.idem_key),
      clearing: clearing.map(({ account, currency, balance, since }) => ({
        account,
        currency,
        balanceMinor: balance,
        since: since.toISOString(),
      })),
    };
  }
}

/** Accounts that are not at zero, and the first journal after they last were. */
const CLEARING = `
  with run as (
    select posting.account, posting.currency, journal.created_at, journal.id,
      sum(posting.amount_minor) over (partition by posting.account, posting.currency order by journal.created_at, journal.id) as balance
    from billing.posting join billing.journal on journal.id = posting.journal_id where posting.account = any($1)
  ), last_zero as (
    select distinct on (run.account, run.currency) run.account, run.currency, run.created_at, run.id from run where run.balance = 0
     order by run.account, run.currency, run.created_at desc, run.id desc
  )
  select run.account, run.currency, (array_agg(run.balance order by run.created_at desc, run.id desc))[1]::text as balance, min(run.created_at) as since
    from run left join last_zero on last_zero.account = run.account and last_zero.currency = run.currency
   where last_zero.id is null or (run.created_at, run.id) > (last_zero.created_at, last_zero.id)
   group by run.account, run.currency`;
