/** What a buyer's invoices are charged to: a payment method at Stripe, of which only its id and label are kept here. */
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Caller } from '#platform/auth.ts';
import { Clock } from '#platform/clock.ts';
import { Organization } from '#tables/api/organization.ts';
import { Standing } from '#tables/billing/standing.ts';
import { StripeCustomer } from '#tables/billing/stripe-account.ts';
import { Collection } from '../collect/collection.ts';
import { ExternalCalls } from '../stripe/external-calls.ts';
import { StripeGateway, type CustomerParams } from '../stripe/gateway.ts';
import { answering } from './answering.ts';
import type { NewPaymentMethod, PaymentMethodView } from './payment-methods.schema.ts';

@Injectable()
export class PaymentMethods {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly stripe: StripeGateway,
    private readonly calls: ExternalCalls,
    private readonly collection: Collection,
  ) {}

  async get({ organizationId: buyerId }: Caller): Promise<PaymentMethodView> {
    const payer = await this.db.manager.findOneBy(StripeCustomer, { buyerId });
    const standing = await this.db.manager.findOneBy(Standing, { buyerId });
    return {
      paymentMethodId: payer?.paymentMethodId ?? null,
      cardLabel: payer?.cardLabel ?? null,
      standing: standing?.state ?? 'good',
    };
  }

  /**
   * Charges invoices to this from now on, and those that could not be collected at once.
   * @throws DomainError `card_declined`, `stripe_refused`, `stripe_unavailable`
   */
  async put(caller: Caller, { paymentMethodId }: NewPaymentMethod): Promise<PaymentMethodView> {
    const buyerId = caller.organizationId;
    const customerId = await answering(this.customer(buyerId));
    const card = await answering(this.stripe.attachCard(customerId, paymentMethodId));
    await this.db.transaction(async (tx) => {
      await tx.update(StripeCustomer, { buyerId }, { paymentMethodId: card.id, cardLabel: card.label });
      await this.collection.planAll(tx, buyerId);
    });
    return this.get(caller);
  }

  /** The buyer's customer at Stripe; made once, also when two ask at the same time. */
  private async customer(buyerId: string): Promise<string> {
    const { externalCallId } = await this.db.transaction(async (tx) => {
      await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`customer:${buyerId}`]);
      const known = await tx.findOneBy(StripeCustomer, { buyerId });
      if (known) return known;
      const planned: StripeCustomer = {
        buyerId,
        externalCallId: await this.calls.plan(tx, 'customers.create'),
        customerId: null,
        paymentMethodId: null,
        cardLabel: null,
        createdAt: this.clock.now(),
      };
      await tx.insert(StripeCustomer, planned);
      return planned;
    });
    await this.calls.make<CustomerParams, { id: string }>(externalCallId, {
      params: async () => ({ buyerId, name: (await this.db.manager.findOneByOrFail(Organization, { id: buyerId })).name }),
      send: (params, mark) => this.stripe.createCustomer(params, mark),
      find: (_params, opId, since) => this.stripe.findCustomer(opId, since),
      record: async (tx, { object, failure }) => {
        if (failure) await tx.delete(StripeCustomer, { buyerId });
        else await tx.update(StripeCustomer, { buyerId }, { customerId: object.id });
      },
    });
    const made = await this.db.manager.findOneBy(StripeCustomer, { buyerId });
    if (made?.customerId) return made.customerId;
    throw await this.calls.failureOf(externalCallId);
  }
}
