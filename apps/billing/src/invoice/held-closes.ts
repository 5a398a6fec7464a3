/** Months, and what was found late after the last of them, whose total is out of line: the operator sees them, releases them to be invoiced, or rejects them with a reason. */
import { Injectable } from '@nestjs/common';
import { DataSource, In, type EntityManager } from 'typeorm';
import { DomainError, missing } from '#domain/errors.ts';
import { MOST_MONTHS, outOfLine } from '#domain/out-of-line.ts';
import type { Caller } from '#platform/auth.ts';
import { Clock } from '#platform/clock.ts';
import { Doorbell } from '#platform/doorbell.ts';
import { newId } from '#platform/ids.ts';
import { Subscription } from '#tables/api/subscription.ts';
import { HeldClose } from '#tables/billing/held-close.ts';
import { Period } from '#tables/billing/period.ts';
import { BillingConfig } from '../config.ts';
import { LateUsage } from '../rate/late-usage.ts';
import type { HeldCloseDecision, HeldCloseQuery, HeldCloseView } from './held-closes.schema.ts';
import type { Draft, Wanted } from './drafts.ts';
import { InvoiceMaker, SERIES } from './invoice-maker.ts';

/** How often the usage of a month that is held is looked at for corrections. */
export const LOOK_AGAIN_MS = 3_600_000;

@Injectable()
export class HeldCloses {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly config: BillingConfig,
    private readonly maker: InvoiceMaker,
    private readonly late: LateUsage,
    private readonly doorbell: Doorbell,
  ) {}

  /** Newest first. */
  async list({ state }: HeldCloseQuery): Promise<HeldCloseView[]> {
    const rows: HeldCloseRow[] = await this.db.query(`${VIEW} where $1::text is null or held_close.state = $1 ${NEWEST_FIRST}`, [
      state ?? null,
    ]);
    return rows.map(viewOf);
  }

  /**
   * Releases what is held to be invoiced as it is, or rejects it: then it waits until its usage is corrected, or a later decision.
   * @throws DomainError `missing`; `close_superseded` when more became known of the month, or it is invoiced
   */
  async decide(caller: Caller, id: string, { decision, reason }: HeldCloseDecision): Promise<HeldCloseView> {
    await this.db.transaction(async (tx) => {
      const known = await tx.findOneBy(HeldClose, { id });
      if (!known) throw missing('held_close');
      await this.maker.takeTurns(tx, [known]);
      const held = await tx.findOneByOrFail(HeldClose, { id });
      if (held.state === decision && held.note === reason) return;
      const { buyerId, currency, periodEnd: endsAt } = held;
      const period = await tx.findOneBy(Period, { buyerId, currency, endsAt, state: 'rated' });
      if (held.state === 'superseded' || (!period && !(await isOfLate(tx, held))))
        throw new DomainError(
          'conflict',
          'close_superseded',
          'This month was closed, or is held anew with other usage; list what is held again.',
        );
      const decidedBy = caller.userId ?? caller.organizationId;
      await tx.update(HeldClose, { id }, { state: decision, note: reason, decidedAt: this.clock.now(), decidedBy });
      if (decision !== 'released') return;
      if (period) await this.doorbell.ring(tx, 'billing.close-period', period.id);
      else await this.doorbell.ring(tx, 'billing.bill-late', buyerId);
    });
    const [row]: HeldCloseRow[] = await this.db.query(`${VIEW} where held_close.id = $1`, [id]);
    return viewOf(row!);
  }

  /** Charges what was corrected in months since they were held, so that a correction is all that it takes to let them go. */
  async lookAgain(tx: EntityManager, months: readonly Wanted[]): Promise<void> {
    const held = (await closesOf(tx, months)).filter(({ state }) => state === 'held' || state === 'rejected');
    for (const wanted of months.filter((own) => held.some((close) => isOf(close, own)))) {
      const subscriptions = await tx.find(Subscription, {
        where: { id: In(wanted.periods.map((period) => period.subscriptionId)) },
        order: { id: 'asc' },
      });
      for (const subscription of subscriptions) await this.late.charge(tx, subscription, { before: wanted.month.to });
      await tx.update(HeldClose, { ...placeOf(wanted), state: In(['held', 'rejected']) }, { lookedAt: this.clock.now() });
    }
  }

  /**
   * Of drafts those that may be invoiced as they stand; the others are held. A decision counts for the input that it was made about,
   * and no other.
   */
  async letGo(tx: EntityManager, drafts: readonly Draft[]): Promise<Draft[]> {
    const months = drafts.map(({ wanted }) => wanted);
    const [closes, usual] = [await closesOf(tx, months), await usualOf(tx, months)];
    const free: Draft[] = [];
    for (const [index, draft] of drafts.entries()) {
      const earlier = closes.filter((close) => isOf(close, draft.wanted));
      if (!(await this.holds(tx, draft, { earlier, usual: usual[index]! }))) free.push(draft);
    }
    return free;
  }

  private async holds(
    tx: EntityManager,
    draft: Draft,
    { earlier, usual }: { earlier: readonly HeldClose[]; usual: bigint[] },
  ): Promise<boolean> {
    const known = earlier.find((each) => each.inputSha.equals(draft.inputSha) && each.state !== 'superseded');
    if (known) return known.state !== 'released';
    if (earlier.length > 0) await tx.update(HeldClose, placeOf(draft.wanted), { state: 'superseded' });
    const { buyerId, currency, month } = draft.wanted;
    const verdict = outOfLine(draft.totalMinor, usual, currency, {
      percent: this.config.CLOSE_REVIEW_PERCENT,
      least: this.config.CLOSE_REVIEW_LEAST,
      above: this.config.CLOSE_REVIEW_ABOVE ?? null,
    });
    // What is found late alone is little, as a rule: only too much of it is out of line.
    const isLate = draft.wanted.periods.length === 0;
    if (verdict === null || (isLate && verdict.cause === 'below_usual')) return false;
    const now = this.clock.now();
    await tx.insert(HeldClose, {
      id: newId(),
      buyerId,
      currency,
      periodStart: month.from,
      periodEnd: month.to,
      inputSha: draft.inputSha,
      state: 'held',
      cause: verdict.cause,
      totalMinor: draft.totalMinor,
      usualMinor: verdict.usual,
      heldAt: now,
      lookedAt: now,
      decidedAt: null,
      decidedBy: null,
      note: null,
    });
    return true;
  }
}

const placeOf = ({ buyerId, currency, month }: Wanted): Pick<HeldClose, 'buyerId' | 'currency' | 'periodEnd'> => ({
  buyerId,
  currency,
  periodEnd: month.to,
});

/** Whether it is about what was found late, of a buyer without a month that will be closed, and still is on no invoice. */
async function isOfLate(tx: EntityManager, { buyerId, currency, periodStart, periodEnd }: HeldClose): Promise<boolean> {
  const [row] = await tx.query(
    `select exists (select from billing.charge where charge.buyer_id = $1 and charge.currency = $2 and charge.revision > 0
         and not exists (select from billing.invoice_line where invoice_line.charge_id = charge.id))
       and not exists (select from billing.invoice where invoice.buyer_id = $1 and invoice.currency = $2 and invoice.series = $5 and invoice.period_start = $3)
       and not exists (select from billing.period where period.buyer_id = $1 and period.currency = $2 and period.ends_at = $4 and period.state <> 'invoiced') as late`,
    [buyerId, currency, periodStart, periodEnd, SERIES],
  );
  return row.late as boolean;
}

const isOf = (close: HeldClose, { buyerId, currency, month }: Wanted): boolean =>
  close.buyerId === buyerId && close.currency === currency && close.periodEnd.getTime() === month.to.getTime();

const closesOf = (tx: EntityManager, months: readonly Wanted[]): Promise<HeldClose[]> =>
  tx.findBy(HeldClose, {
    buyerId: In(months.map(({ buyerId }) => buyerId)),
    periodEnd: In([...new Set(months.map(({ month }) => month.to))]),
  });

/** Of each the totals of the months before, latest first. */
async function usualOf(tx: EntityManager, months: readonly Wanted[]): Promise<bigint[][]> {
  const rows: Array<{ totals: string[] }> = await tx.query(
    `select array(select invoice.total_minor::text from billing.invoice
        where invoice.buyer_id = wanted.buyer_id and invoice.currency = wanted.currency and invoice.series = $4 and invoice.state <> 'draft'
          and invoice.period_end <= wanted.starts_at order by invoice.period_end desc limit $5) as totals
       from unnest($1::uuid[], $2::text[], $3::timestamptz[]) with ordinality as wanted (buyer_id, currency, starts_at, place) order by wanted.place`,
    [
      months.map(({ buyerId }) => buyerId),
      months.map(({ currency }) => currency),
      months.map(({ month }) => month.from),
      SERIES,
      MOST_MONTHS,
    ],
  );
  return rows.map(({ totals }) => totals.map(BigInt));
}

const VIEW = `select held_close.*, organization.name as buyer from billing.held_close join api.organization on organization.id = held_close.buyer_id`;
const NEWEST_FIRST = 'order by held_close.held_at desc, held_close.id desc limit 200';

interface HeldCloseRow {
  id: string;
  buyer_id: string;
  buyer: string;
  currency: string;
  period_start: Date;
  period_end: Date;
  input_sha: Buffer;
  state: HeldCloseView['state'];
  cause: HeldCloseView['cause'];
  total_minor: string;
  usual_minor: string | null;
  held_at: Date;
  decided_at: Date | null;
  decided_by: string | null;
  note: string | null;
}

const viewOf = (row: HeldCloseRow): HeldCloseView => ({
  id: row.id,
  buyerId: row.buyer_id,
  buyer: row.buyer,
  currency: row.currency,
  periodStart: row.period_start.toISOString(),
  periodEnd: row.period_end.toISOString(),
  inputSha256: row.input_sha.toString('hex'),
  state: row.state,
  cause: row.cause,
  totalMinor: row.total_minor,
  usualMinor: row.usual_minor,
  heldAt: row.held_at.toISOString(),
  decidedAt: row.decided_at?.toISOString() ?? null,
  decidedBy: row.decided_by,
  reason: row.note,
});
