/** Events on their way to a receiver: signed as Stripe signs, repeated until they are taken, kept over a restart. */
import { Stripe } from 'stripe';
import { describe, expect, it } from 'vitest';
import {
  DAY_MS,
  onboardedAccount,
  openReceiver,
  openSandbox,
  pause,
  pay,
  temporaryFile,
  WEBHOOK_SECRET,
} from '../testing/stripe-sandbox.ts';

describe('webhooks', () => {
  it('sends events that the SDK accepts with the right secret and no other', async () => {
    const receiver = await openReceiver();
    const sandbox = await openSandbox({ webhookUrl: receiver.url });
    try {
      const intent = await pay(sandbox.stripe, { metadata: { op_id: 'op-1' } });
      const events = await receiver.until(3);
      expect(events.map((event) => event.type).sort()).toEqual([
        'charge.succeeded',
        'payment_intent.created',
        'payment_intent.succeeded',
      ]);
      const { body, signature } = receiver.received.find((message) => message.body.includes('payment_intent.succeeded'))!;
      const event = sandbox.stripe.webhooks.constructEvent(body, signature, WEBHOOK_SECRET);
      expect(event).toMatchObject({ object: 'event', livemode: false, api_version: '2026-10-28.endive' });
      expect(event.data.object).toMatchObject({ id: intent.id, status: 'succeeded', metadata: { op_id: 'op-1' } });
      expect(event.request?.id).toBe(intent.lastResponse.requestId);
      expect(() => sandbox.stripe.webhooks.constructEvent(body, signature, 'whsec_other')).toThrow(
        Stripe.errors.StripeSignatureVerificationError,
      );
      expect(() => sandbox.stripe.webhooks.constructEvent(`${body} `, signature, WEBHOOK_SECRET)).toThrow(/signature/i);
    } finally {
      await sandbox.close();
      await receiver.close();
    }
  });

  it('signs with the time of the sandbox, so that an old message is told by its age', async () => {
    const receiver = await openReceiver();
    const sandbox = await openSandbox({ webhookUrl: receiver.url });
    try {
      sandbox.clock.advance(-DAY_MS);
      await sandbox.stripe.customers.create({ name: 'Globex' });
      await receiver.until(1);
      const { body, signature } = receiver.received[0]!;
      const read = (now?: number) =>
        sandbox.stripe.webhooks.constructEvent(body, signature, WEBHOOK_SECRET, undefined, undefined, now);
      expect(() => read()).toThrow(/tolerance/);
      expect(read(sandbox.clock.now().getTime()).type).toBe('customer.created');
    } finally {
      await sandbox.close();
      await receiver.close();
    }
  });

  it('sends again what was not taken, until it is', async () => {
    const receiver = await openReceiver((index) => (index < 2 ? 500 : 200));
    const sandbox = await openSandbox({ webhookUrl: receiver.url });
    try {
      const started = Date.now();
      await sandbox.stripe.customers.create({ name: 'Globex' });
      const events = await receiver.until(3);
      expect(Date.now() - started).toBeGreaterThanOrEqual(600);
      expect(new Set(events.map((event) => event.id)).size).toBe(1);
      await pause(50);
      expect((await sandbox.stripe.events.retrieve(events[0]!.id)).pending_webhooks).toBe(0);
      await pause(500);
      expect(receiver.received).toHaveLength(3);
    } finally {
      await sandbox.close();
      await receiver.close();
    }
  });

  it('goes on after a restart with what was undelivered', async () => {
    const { file, remove } = temporaryFile();
    const receiver = await openReceiver((index) => (index === 0 ? 503 : 200));
    try {
      const before = await openSandbox({ webhookUrl: receiver.url }, file);
      const customer = await before.stripe.customers.create({ name: 'Globex' });
      await receiver.until(1);
      await before.close();
      const after = await openSandbox({ webhookUrl: receiver.url }, file);
      const events = await receiver.until(2);
      expect(events[1]!.data.object).toMatchObject({ id: customer.id });
      await after.close();
    } finally {
      await receiver.close();
      remove();
    }
  });

  it('tells a registered endpoint only what it asked for, under its own secret', async () => {
    const [platform, connected] = [await openReceiver(), await openReceiver()];
    const sandbox = await openSandbox();
    try {
      const { stripe } = sandbox;
      const own = await stripe.webhookEndpoints.create({ url: platform.url, enabled_events: ['payment_intent.succeeded'] });
      expect(own.secret).toMatch(/^whsec_/);
      await stripe.webhookEndpoints.create({ url: connected.url, enabled_events: ['*'], connect: true });
      expect((await stripe.webhookEndpoints.list()).data.map((each) => each.secret)).toEqual([undefined, undefined]);

      const acme = await onboardedAccount(stripe);
      await pay(stripe);
      const [event] = await platform.until(1);
      expect(event!.type).toBe('payment_intent.succeeded');
      const { body, signature } = platform.received[0]!;
      expect(stripe.webhooks.constructEvent(body, signature, own.secret!).id).toBe(event!.id);
      const [updated] = await connected.until(1);
      expect(updated).toMatchObject({ type: 'account.updated', account: acme.id, data: { object: { id: acme.id } } });
    } finally {
      await sandbox.close();
      await Promise.all([platform.close(), connected.close()]);
    }
  });

  it('loses, doubles or forges a message when it is told to', async () => {
    const receiver = await openReceiver();
    const sandbox = await openSandbox({ webhookUrl: receiver.url });
    try {
      const { stripe, faults } = sandbox;
      faults.failNext({ operation: 'webhook customer.created', code: 'lost' });
      const lost = await stripe.customers.create({ name: 'Lost' });
      faults.failNext({ operation: 'webhook', code: 'duplicate' });
      await stripe.customers.create({ name: 'Twice' });
      await receiver.until(2);
      faults.failNext({ operation: 'webhook', code: 'bad_signature' });
      await stripe.customers.create({ name: 'Forged' });
      const names = (await receiver.until(3)).map((event) => (event.data.object as Stripe.Customer).name);
      expect(names).toEqual(['Twice', 'Twice', 'Forged']);
      const forged = receiver.received[2]!;
      expect(() => stripe.webhooks.constructEvent(forged.body, forged.signature, WEBHOOK_SECRET)).toThrow(/signature/i);
      const listed = await stripe.events.list({ type: 'customer.created' });
      expect(listed.data.map((event) => (event.data.object as Stripe.Customer).id)).toContain(lost.id);
    } finally {
      await sandbox.close();
      await receiver.close();
    }
  });
});
