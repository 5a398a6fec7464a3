/** A vendor's month from the book: what was owed to it before, every entry that changed that, and what is owed after. */
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { missing } from '#domain/errors.ts';
import { account } from '#domain/ledger/entry.ts';
import { monthOf } from '#domain/period.ts';
import type { Caller } from '#platform/auth.ts';
import { Clock } from '#platform/clock.ts';
import type { StatementList, StatementView } from './statements.schema.ts';

/**
 * What each journal changed of what is owed to a vendor. A share that is released or held back moves within, and changes nothing.
 * An invoice is told line by line.
 */
const ENTRIES = `with moved as (
    select posting.journal_id, -sum(posting.amount_minor) as amount from billing.posting
     where posting.account = any($1) and posting.currency = $2 group by posting.journal_id)
  select journal.kind, journal.effective_at as at, coalesce(invoice.number, split_part(journal.idem_key, ':', 2)) as reference,
         coalesce(line.product_name, product.name) as product, line.description, line.amount_minor::text as sold, line.fee_minor::text as fee,
         coalesce(line.vendor_minor, moved.amount)::text as amount
    from moved join billing.journal on journal.id = moved.journal_id
    left join billing.invoice_line line on journal.kind = 'invoice_finalised' and line.vendor_id = $3
      and line.invoice_id = case when journal.kind = 'invoice_finalised' then split_part(journal.idem_key, ':', 2)::uuid end
    left join billing.invoice on invoice.id = line.invoice_id
    left join api.product on product.id = line.product_id
   where journal.effective_at >= $4 and journal.effective_at < $5 and (moved.amount <> 0 or line.id is not null)
   order by journal.effective_at, journal.id, line.ordinal`;

@Injectable()
export class Statements {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
  ) {}

  /** Months in which what is owed to the vendor changed. */
  async list({ organizationId: vendorId }: Caller): Promise<StatementList> {
    const rows: Array<{ period: string; currency: string; change: string }> = await this.db.query(
      `select to_char(journal.effective_at at time zone 'UTC', 'YYYY-MM') as period, posting.currency, (-sum(posting.amount_minor))::text as change
         from billing.posting join billing.journal on journal.id = posting.journal_id
        where posting.account = any($1) group by 1, posting.currency order by 1 desc, posting.currency limit 200`,
      [accountsOf(vendorId)],
    );
    return { items: rows.map(({ period, currency, change }) => ({ period, currency, changeMinor: change })) };
  }

  /** @throws DomainError `missing` when nothing of the vendor's has moved in that currency by the end of that month */
  async get({ organizationId: vendorId }: Caller, period: string, currency: string): Promise<StatementView> {
    const { from, to } = monthOf(new Date(`${period}-01T00:00:00Z`));
    const accounts = accountsOf(vendorId);
    const [before]: Array<{ opening: string; postings: number; vendor: string }> = await this.db.query(
      `select coalesce(-sum(posting.amount_minor) filter (where journal.effective_at < $3), 0)::text as opening, count(posting.amount_minor)::int as postings,
         (select organization.name from api.organization where organization.id = $5) as vendor
         from billing.posting join billing.journal on journal.id = posting.journal_id
        where posting.account = any($1) and posting.currency = $2 and journal.effective_at < $4`,
      [accounts, currency, from, to, vendorId],
    );
    if (before!.postings === 0) throw missing('statement');
    const rows: EntryRow[] = await this.db.query(ENTRIES, [accounts, currency, vendorId, from, to]);
    const kinds = Map.groupBy(rows, (row) => row.kind);
    const movements = [...kinds].map(([kind, own]) => ({ kind, amountMinor: String(sumOf(own)) }));
    return {
      vendor: before!.vendor,
      period,
      currency,
      isFinal: to <= this.clock.now(),
      openingMinor: before!.opening,
      movements,
      closingMinor: String(BigInt(before!.opening) + sumOf(rows)),
      entries: rows.map(({ at, kind, reference, product, description, sold, fee, amount }) => ({
        at: at.toISOString(),
        kind,
        reference,
        product,
        description,
        soldMinor: sold,
        feeMinor: fee,
        amountMinor: amount,
      })),
    };
  }
}

interface EntryRow {
  kind: string;
  at: Date;
  reference: string;
  product: string | null;
  description: string | null;
  sold: string | null;
  fee: string | null;
  amount: string;
}

/** Where the book keeps what is owed to a vendor. */
const accountsOf = (vendorId: string): string[] => [
  account.vendorUnsettled(vendorId),
  account.vendorPayable(vendorId),
  account.vendorHeld(vendorId),
  account.vendorReserve(vendorId),
];

const sumOf = (rows: readonly EntryRow[]): bigint => rows.reduce((sum, row) => sum + BigInt(row.amount), 0n);
