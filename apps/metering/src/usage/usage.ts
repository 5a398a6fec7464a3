/** Accepted usage, read back by its vendor and its buyer with how far its money has come. UsageWriter writes it. */
import { Injectable } from '@nestjs/common';
import { missing } from '#domain/errors.ts';
import { dayOf, monthOf, type Span } from '#domain/period.ts';
import { moneyStateOf, type PeriodMoney } from '#domain/usage-money.ts';
import { seesEverybody, type Caller } from '#platform/auth.ts';
import { Clock } from '#platform/clock.ts';
import { Core } from '../core.ts';
import { allOf, readCursor, writeCursor, type LastSeen } from './usage-cursor.ts';
import { UsageRecords, type Filter, type RecordRow } from './usage-records.ts';
import type { AcceptedUsage, UsageQuery, UsageView } from './usage.schema.ts';

const SUBSCRIPTIONS_AT_ONCE = 200;
/** A page is answered after so many, be it full or not. */
const MOST_SUBSCRIPTIONS = 50 * SUBSCRIPTIONS_AT_ONCE;

/** Whose usage is asked for: of one subscription, or of all that somebody has. */
type Scope = { subscriptionId: string } | { whose: { vendorId?: string; buyerId?: string; productId?: string } };

@Injectable()
export class Usage {
  constructor(
    private readonly records: UsageRecords,
    private readonly core: Core,
    private readonly clock: Clock,
  ) {}

  /**
   * What was accepted in the hours of `[from, to)`, in the order of the key, a page at a time; for one subscription also its sums
   * by day.
   * @throws DomainError `missing` when the subscription, the product or the machine is not the caller's; `invalid_cursor`.
   */
  async list(caller: Caller, query: UsageQuery): Promise<UsageView> {
    const cursor = query.cursor === undefined ? undefined : readCursor(query.cursor);
    const now = this.clock.now();
    const span = cursor?.span ?? { from: query.from ?? monthOf(now).from, to: query.to ?? now };
    const { scope, sourceId } = await this.scopeOf(caller, query);
    const filter: Filter = { span, dimension: query.dimension ?? null, sourceId };
    const { rows, last } = await this.page(scope, filter, { after: cursor?.after ?? null, limit: query.limit });
    const [items, days] = await Promise.all([
      this.shown(rows, span),
      'subscriptionId' in scope && !cursor ? this.days(scope.subscriptionId, filter) : [],
    ]);
    return { items, nextCursor: last === null ? null : writeCursor({ after: last, span }), days };
  }

  private async scopeOf(caller: Caller, query: UsageQuery): Promise<{ scope: Scope; sourceId: string | null }> {
    const product = query.productCode === undefined ? null : ((await this.core.products([query.productCode]))[0] ?? null);
    if (query.productCode !== undefined && (!product || (caller.kind === 'vendor' && product.vendorId !== caller.organizationId)))
      throw missing('product');
    const instance = query.instanceId === undefined ? null : await this.core.instanceNamed(query.instanceId);
    if (query.instanceId !== undefined && (!instance || !isTheirs(caller, instance))) throw missing('instance');
    const subscriptionId = query.subscriptionId ?? instance?.subscriptionId;
    const sourceId = instance?.id ?? null;
    if (subscriptionId === undefined) {
      const side = { vendor: 'vendorId', buyer: 'buyerId', operator: null, auditor: null }[caller.kind];
      return { scope: { whose: { ...(side && { [side]: caller.organizationId }), productId: product?.id } }, sourceId };
    }
    const subscription = await this.core.subscription(subscriptionId);
    const isRight = subscription && isTheirs(caller, subscription) && (!product || subscription.productId === product.id);
    if (!isRight) throw missing('subscription');
    if (instance && instance.subscriptionId !== subscriptionId) throw missing('instance');
    return { scope: { subscriptionId }, sourceId };
  }

  /** @returns the records, and the last key that was seen when there may be more. */
  private async page(
    scope: Scope,
    filter: Filter,
    { after, limit }: { after: LastSeen | null; limit: number },
  ): Promise<{ rows: RecordRow[]; last: LastSeen | null }> {
    const rows: RecordRow[] = [];
    let seen = after;
    for (let looked = 0; looked < MOST_SUBSCRIPTIONS; looked += SUBSCRIPTIONS_AT_ONCE) {
      const ids = await this.subscriptionsFrom(scope, seen?.subscriptionId ?? null);
      if (ids.length > 0) rows.push(...(await this.records.page(ids, filter, { after: seen, limit: limit + 1 - rows.length })));
      if (rows.length > limit) return { rows: rows.slice(0, limit), last: keyOf(rows[limit - 1]!) };
      if (ids.length < SUBSCRIPTIONS_AT_ONCE) return { rows, last: null };
      seen = allOf(ids.at(-1)!);
    }
    return { rows, last: seen };
  }

  private async subscriptionsFrom(scope: Scope, since: string | null): Promise<string[]> {
    if ('subscriptionId' in scope) return [scope.subscriptionId];
    return this.core.subscriptionIds(scope.whose, { since, most: SUBSCRIPTIONS_AT_ONCE });
  }

  private async shown(rows: RecordRow[], span: Span): Promise<AcceptedUsage[]> {
    const [money, allocations] = await Promise.all([
      this.moneyOf([...new Set(rows.map((row) => row.subscription_id))], span),
      this.records.allocations(rows),
    ]);
    return rows.map((row) => {
      const day = dayOf(row.hour);
      return {
        recordId: row.record_id,
        subscriptionId: row.subscription_id,
        hour: row.hour.toISOString(),
        day,
        source: row.source_id === row.subscription_id ? 'vendor' : 'instance',
        sourceId: row.source_id,
        dimension: row.dimension,
        quantity: row.quantity,
        allocations: allocations.get(row.record_id) ?? [],
        moneyState: moneyStateOf(money.get(row.subscription_id) ?? [], { day, dimension: row.dimension }),
        receivedAt: row.received_at.toISOString(),
      };
    });
  }

  private async days(subscriptionId: string, filter: Filter): Promise<UsageView['days']> {
    const [days, money] = await Promise.all([
      this.records.days(subscriptionId, filter),
      this.moneyOf([subscriptionId], filter.span),
    ]);
    return days.map((each) => ({ ...each, moneyState: moneyStateOf(money.get(subscriptionId) ?? [], each) }));
  }

  private async moneyOf(subscriptionIds: string[], span: Span): Promise<Map<string, PeriodMoney[]>> {
    if (subscriptionIds.length === 0) return new Map();
    return Map.groupBy(await this.core.usageMoney(subscriptionIds, span), (money) => money.subscriptionId);
  }
}

const isTheirs = (caller: Caller, row: { buyerId: string; vendorId: string }): boolean =>
  seesEverybody(caller) || (caller.kind === 'buyer' ? row.buyerId : row.vendorId) === caller.organizationId;

const keyOf = (row: RecordRow): LastSeen => ({
  subscriptionId: row.subscription_id,
  hour: row.hour.toISOString(),
  sourceId: row.source_id,
  dimension: row.dimension,
});
