/** Credit of buyers: the operator grants it, invoices use it, what expires first comes first (docs/MONEY.md R7). */
import { Injectable } from '@nestjs/common';
import { DataSource, In, type EntityManager } from 'typeorm';
import { DomainError, missing } from '#domain/errors.ts';
import { creditApplied, creditGranted } from '#domain/ledger/credit.ts';
import type { Minor } from '#domain/money.ts';
import { useCredits } from '#domain/pricing/credit.ts';
import type { Caller } from '#platform/auth.ts';
import { Clock } from '#platform/clock.ts';
import { assertSame, idFor } from '#platform/idempotency.ts';
import { Organization } from '#tables/api/organization.ts';
import { CreditGrant, CreditUse } from '#tables/billing/credit.ts';
import { Ledger } from '../ledger/ledger.ts';
import type { CreditView, NewCredit } from './credits.schema.ts';

const MOST_LISTED = 200;

/** What is to be paid, and by whom. */
interface Asked {
  buyerId: string;
  currency: string;
  due: Minor;
}

/** What a credit pays of it. */
export interface Taken {
  grantId: string;
  amount: Minor;
}

@Injectable()
export class Credits {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly ledger: Ledger,
  ) {}

  /**
   * Gives a buyer credit, which the platform bears. The same Idempotency-Key gives it once.
   * @throws DomainError `missing` when there is no such buyer; `expires_too_early`, `idempotency_mismatch`
   */
  async grant(caller: Caller, given: NewCredit, key?: string): Promise<CreditView> {
    const id = idFor(caller.organizationId, 'credit', key);
    return this.db.transaction(async (tx) => {
      await tx.query(`select pg_advisory_xact_lock(hashtextextended('billing.credit_grant ' || $1, 0))`, [id]);
      const repeated = await tx.findOneBy(CreditGrant, { id });
      if (repeated) {
        const { expiresAt, ...asked } = given;
        assertSame({ ...repeated, expiresAt: repeated.expiresAt?.toISOString() }, { ...asked, expiresAt: iso(expiresAt) });
        return (await views(tx, [repeated]))[0]!;
      }
      if (!(await tx.existsBy(Organization, { id: given.buyerId, kind: 'buyer' }))) throw missing('buyer');
      const now = this.clock.now();
      const expiresAt = given.expiresAt === undefined ? null : new Date(given.expiresAt);
      if (expiresAt !== null && expiresAt <= now)
        throw new DomainError(
          'conflict',
          'expires_too_early',
          'This credit would have expired already; give a later time, or none.',
        );
      const grant: CreditGrant = {
        id,
        buyerId: given.buyerId,
        currency: given.currency,
        amountMinor: given.amountMinor,
        reason: given.reason,
        grantedBy: caller.userId ?? caller.organizationId,
        createdAt: now,
        expiresAt,
        expiredAt: null,
      };
      await tx.insert(CreditGrant, grant);
      const { buyerId, currency, amountMinor: amount } = grant;
      await this.ledger.post(tx, { ...creditGranted({ grantId: id, buyerId, currency, amount }), effectiveAt: now });
      return (await views(tx, [grant]))[0]!;
    });
  }

  /** The buyer's own; the operator sees all. */
  async list(caller: Caller): Promise<CreditView[]> {
    const grants = await this.db.manager.find(CreditGrant, {
      where: caller.kind === 'operator' ? {} : { buyerId: caller.organizationId },
      order: { createdAt: 'desc', id: 'desc' },
      take: MOST_LISTED,
    });
    return views(this.db.manager, grants);
  }

  /** What of each `due` the buyer's credit pays, now. Whoever asks for the same buyer next waits until commit. */
  async takeEach(tx: EntityManager, asked: readonly Asked[]): Promise<Taken[][]> {
    const granted: Array<{ buyer_id: string }> = await tx.query(
      'select distinct credit_grant.buyer_id from billing.credit_grant where credit_grant.buyer_id = any($1) and credit_grant.expired_at is null',
      [asked.map(({ buyerId }) => buyerId)],
    );
    const buyers = new Set(granted.map((row) => row.buyer_id));
    const taken: Taken[][] = [];
    for (const own of asked) taken.push(own.due > 0n && buyers.has(own.buyerId) ? await this.take(tx, own) : []);
    return taken;
  }

  private async take(tx: EntityManager, { buyerId, currency, due }: Asked): Promise<Taken[]> {
    const grants = await tx.find(CreditGrant, {
      where: { buyerId, currency },
      order: { id: 'asc' },
      lock: { mode: 'pessimistic_write' },
    });
    const used = await usedOf(tx, grants);
    const credits = grants
      .filter((grant) => grant.expiredAt === null)
      .map(({ id, amountMinor, expiresAt, createdAt }) => ({
        id,
        left: amountMinor - (used.get(id) ?? 0n),
        expiresAt,
        createdAt,
      }));
    return useCredits(due, credits, this.clock.now()).map(({ id, amount }) => ({ grantId: id, amount }));
  }

  /** Writes down and books what was taken, once the invoice is there. */
  async use(
    tx: EntityManager,
    invoice: { id: string; buyerId: string; currency: string },
    taken: readonly Taken[],
  ): Promise<void> {
    const { id: invoiceId, buyerId, currency } = invoice;
    for (const { grantId, amount } of taken) {
      await tx.insert(CreditUse, { invoiceId, grantId, amountMinor: amount });
      const entry = creditApplied({ invoiceId, grantId, buyerId, currency, amount });
      await this.ledger.post(tx, { ...entry, effectiveAt: this.clock.now() });
    }
  }
}

/** In the form in which stored instants are compared. */
const iso = (instant: string | undefined): string | undefined =>
  instant === undefined ? undefined : new Date(instant).toISOString();

/** How much of each credit was used. */
export async function usedOf(tx: EntityManager, grants: readonly CreditGrant[]): Promise<Map<string, Minor>> {
  const uses = await tx.findBy(CreditUse, { grantId: In(grants.map((grant) => grant.id)) });
  const used = new Map<string, Minor>();
  for (const { grantId, amountMinor } of uses) used.set(grantId, (used.get(grantId) ?? 0n) + amountMinor);
  return used;
}

async function views(tx: EntityManager, grants: CreditGrant[]): Promise<CreditView[]> {
  const rows: Array<{ grant_id: string; invoice_id: string; number: string; amount_minor: string }> = await tx.query(
    `select credit_use.grant_id, credit_use.invoice_id, invoice.number, credit_use.amount_minor::text
       from billing.credit_use join billing.invoice on invoice.id = credit_use.invoice_id
      where credit_use.grant_id = any($1) order by invoice.finalised_at, invoice.number`,
    [grants.map((grant) => grant.id)],
  );
  const uses = Map.groupBy(rows, (row) => row.grant_id);
  return grants.map((grant) => {
    const own = uses.get(grant.id) ?? [];
    const used = own.reduce((sum, row) => sum + BigInt(row.amount_minor), 0n);
    return {
      id: grant.id,
      buyerId: grant.buyerId,
      currency: grant.currency,
      amountMinor: String(grant.amountMinor),
      leftMinor: String(grant.expiredAt === null ? grant.amountMinor - used : 0n),
      reason: grant.reason,
      createdAt: grant.createdAt.toISOString(),
      expiresAt: grant.expiresAt?.toISOString() ?? null,
      usedOn: own.map((row) => ({ invoiceId: row.invoice_id, number: row.number, amountMinor: row.amount_minor })),
    };
  });
}
