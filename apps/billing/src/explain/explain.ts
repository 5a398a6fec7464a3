/**
 * An invoice line, all the way: the price version, the rating done again, the roll-ups with the proof that they are of these records,
 * who signed each record, and where the money went. For the buyer and the vendor of the line, and the operator.
 */
import { Injectable } from '@nestjs/common';
import { DataSource, In } from 'typeorm';
import { missing } from '#domain/errors.ts';
import { formatRate } from '#domain/money.ts';
import { seesEverybody, type Caller } from '#platform/auth.ts';
import { Organization } from '#tables/api/organization.ts';
import { Price, PriceVersion } from '#tables/api/price-version.ts';
import { Charge, ChargeSource } from '#tables/billing/charge.ts';
import { DiscountOfLine, Invoice, InvoiceLine } from '#tables/billing/invoice.ts';
import { Period } from '#tables/billing/period.ts';
import { exactAmount } from '../rate/charge-rows.ts';
import { Infrastructure } from '../rate/infrastructure.ts';
import { RatePeriod } from '../rate/rate-period.ts';
import { DayRecords, type After, type RecordRow, type UsageOf } from './day-records.ts';
import type { ExplainedRecordView, ExplanationView, RecordPageView, RecordsQuery } from './explain.schema.ts';
import { MoneyTrail } from './money-trail.ts';

const FIRST_RECORDS = 100;
const PAGE = 500;

interface Found {
  line: InvoiceLine;
  invoice: Invoice;
  charge: Charge;
  period: Period;
  sources: ChargeSource[];
}

@Injectable()
export class Explain {
  constructor(
    private readonly db: DataSource,
    private readonly rating: RatePeriod,
    private readonly days: DayRecords,
    private readonly infrastructure: Infrastructure,
    private readonly money: MoneyTrail,
  ) {}

  /** @throws DomainError `missing`, also when the line is somebody else's */
  async line(caller: Caller, lineId: string): Promise<ExplanationView> {
    const found = await this.find(caller, lineId);
    const { line, invoice, charge } = found;
    const usage = usageOf(found);
    return {
      line: { ...(await this.lineView(found)), currency: charge.currency },
      invoice: {
        id: caller.kind === 'vendor' ? null : invoice.id,
        number: invoice.number!,
        state: invoice.state,
        finalisedAt: invoice.finalisedAt!.toISOString(),
        paidAt: invoice.paidAt?.toISOString() ?? null,
      },
      price: await this.price(charge),
      rating: await this.rated(found),
      days: await this.provenDays(found),
      costs: charge.costs,
      corrections: (await this.days.corrections(usage)).map(({ hour, createdAt, ...correction }) => ({
        ...correction,
        hour: hour.toISOString(),
        createdAt: createdAt.toISOString(),
      })),
      records: await this.page(usage, { after: null, limit: FIRST_RECORDS }),
      ...(await this.money.of(caller, line, invoice)),
    };
  }

  /** @throws DomainError `missing`, also when the line is somebody else's */
  async records(caller: Caller, lineId: string, { after }: RecordsQuery): Promise<RecordPageView> {
    const [hour, source] = after?.split('_') ?? [];
    const cursor = hour === undefined ? null : { hour: new Date(hour), source: source! };
    return this.page(usageOf(await this.find(caller, lineId)), { after: cursor, limit: PAGE });
  }

  /** The buyer's or the vendor's own line; any for the operator and auditors. */
  private async find(caller: Caller, lineId: string): Promise<Found> {
    const tx = this.db.manager;
    const line = await tx.findOneBy(InvoiceLine, { id: lineId });
    const invoice = line && (await tx.findOneBy(Invoice, { id: line.invoiceId }));
    const owner = caller.kind === 'buyer' ? invoice?.buyerId : line?.vendorId;
    if (!line || !invoice?.number || (!seesEverybody(caller) && owner !== caller.organizationId)) throw missing('invoice_line');
    const charge = await tx.findOneByOrFail(Charge, { id: line.chargeId });
    return {
      line,
      invoice,
      charge,
      period: await tx.findOneByOrFail(Period, { id: charge.periodId }),
      sources: await tx.find(ChargeSource, { where: { chargeId: charge.id }, order: { day: 'asc' } }),
    };
  }

  private async lineView({ line, invoice }: Found): Promise<Omit<ExplanationView['line'], 'currency'>> {
    const tx = this.db.manager;
    const names = await tx.findBy(Organization, { id: In([line.vendorId, invoice.buyerId]) });
    const nameOf = (id: string): string => names.find((organization) => organization.id === id)?.name ?? id;
    const [product]: Array<{ name: string }> = await tx.query('select product.name from api.product where product.id = $1', [
      line.productId,
    ]);
    const discounts = await tx.find(DiscountOfLine, { where: { lineId: line.id }, order: { ordinal: 'asc' } });
    return {
      id: line.id,
      ordinal: line.ordinal,
      description: line.description,
      product: product!.name,
      vendor: nameOf(line.vendorId),
      buyer: nameOf(invoice.buyerId),
      quantity: String(line.quantity),
      unitSize: String(line.unitSize),
      unit: line.unit,
      rate: line.rate === null ? null : formatRate(line.rate),
      parts: line.parts,
      discounts: discounts.map(({ code, amountMinor }) => ({ code, amountMinor: String(amountMinor) })),
      amountMinor: String(line.amountMinor),
    };
  }

  private async price({ priceVersionId, dimension, model }: Charge): Promise<ExplanationView['price']> {
    const version = await this.db.manager.findOneByOrFail(PriceVersion, { id: priceVersionId });
    const price = await this.db.manager.findOneBy(Price, { priceVersionId, dimension });
    return {
      priceVersionId,
      offerId: version.offerId,
      effectiveFrom: version.effectiveFrom.toISOString(),
      noticeGivenAt: version.noticeGivenAt?.toISOString() ?? null,
      dimension,
      model,
      terms: price && termsOf(price),
      minimumSpend: version.minimumSpend === null ? null : formatRate(version.minimumSpend),
    };
  }

  private async rated({ charge, period }: Found): Promise<ExplanationView['rating']> {
    const { keptSha, reratedSha } = await this.rating.compare(period.id, charge.revision);
    const isFirst = charge.revision === 0;
    return {
      subscriptionId: charge.subscriptionId,
      periodId: period.id,
      from: period.startsAt.toISOString(),
      to: period.endsAt.toISOString(),
      revision: charge.revision,
      ratedAt: period.ratedAt?.toISOString() ?? null,
      exactAmount: formatRate(exactAmount(charge)),
      inputSha: period.inputSha?.toString('hex') ?? null,
      keptSha: keptSha.toString('hex'),
      reratedSha: reratedSha.toString('hex'),
      isSame: keptSha.equals(reratedSha) && (!isFirst || period.inputSha === null || period.inputSha.equals(reratedSha)),
    };
  }

  private async provenDays(found: Found): Promise<ExplanationView['days']> {
    const { charge, period, invoice, sources } = found;
    // What came later is not of this line: it is on one of its own.
    const known = charge.revision === 0 && period.ratedAt ? period.ratedAt : invoice.finalisedAt!;
    const proven = new Map((await this.days.days(usageOf(found), known)).map((day) => [day.day, day]));
    return sources.map(({ day, quantity, rowsSha }) => {
      const own = proven.get(day);
      return {
        day,
        quantity: String(quantity),
        rowsSha: rowsSha.toString('hex'),
        sum: own?.quantity ?? '0',
        records: own?.records ?? 0,
        corrections: own?.corrections ?? 0,
        isProven: own !== undefined && own.sha.equals(rowsSha),
      };
    });
  }

  private async page(of: UsageOf, { after, limit }: { after: After | null; limit: number }): Promise<RecordPageView> {
    if (of.days.length === 0) return { items: [], next: null };
    const rows = await this.days.page(of, { after, limit: limit + 1 });
    const shown = rows.slice(0, limit);
    const machines = await this.infrastructure.machines(this.db.manager, [...new Set(shown.map(({ source }) => source))]);
    const ec2 = new Map(machines.map(({ id, ec2InstanceId }) => [id, ec2InstanceId]));
    const last = shown.at(-1);
    return {
      items: shown.map((row) => recordView(row, { of, ec2InstanceId: ec2.get(row.source) ?? null })),
      next: rows.length > limit && last ? `${last.hour.toISOString()}_${last.source}` : null,
    };
  }
}

const usageOf = ({ charge, sources }: Found): UsageOf => ({
  subscriptionId: charge.subscriptionId,
  dimension: charge.dimension,
  days: sources.map(({ day }) => day),
});

const termsOf = ({
  model,
  unit,
  rate,
  increment,
  minimumSeconds,
  instanceType,
  terms,
}: Price): ExplanationView['price']['terms'] => ({
  model,
  unit,
  rate: rate === null ? null : formatRate(rate),
  increment,
  minimumSeconds,
  instanceType,
  ...terms,
});

const recordView = (
  row: RecordRow,
  { of, ec2InstanceId }: { of: UsageOf; ec2InstanceId: string | null },
): ExplainedRecordView => ({
  recordId: row.recordId,
  hour: row.hour.toISOString(),
  instanceId: row.source === of.subscriptionId ? null : row.source,
  ec2InstanceId,
  quantity: row.quantity,
  signedBy: row.signedBy,
  requestSha: row.requestSha.toString('hex'),
  receivedAt: row.receivedAt.toISOString(),
  receipt:
    row.sequence === null
      ? null
      : {
          sequence: row.sequence,
          sha: row.receiptSha!.toString('hex'),
          signature: row.signature!.toString('base64'),
          keyId: row.keyId!,
        },
});
