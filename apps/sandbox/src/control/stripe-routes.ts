/** The control port's part for Stripe: what customers, banks, Stripe's own people and the network do there. */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { NotPossible, type StripeControl } from '../stripe/control.ts';
import { read } from './input.ts';

const minor = z.number().int().min(1);
const rate = z.number().min(0).max(1);
const whole = z.number().int().min(0);

const dispute = z.strictObject({
  payment: z.string().regex(/^(pi|ch|py)_/, 'the id of a payment intent or a charge is expected'),
  reason: z.string().min(1).optional(),
  isInquiry: z.boolean().optional(),
  amount: minor.optional(),
});

const decision = z.strictObject({ outcome: z.enum(['won', 'lost', 'warning_closed', 'escalated']) });
const code = z.strictObject({ code: z.string().min(1).optional() });

const order = z.strictObject({
  disabledReason: z.string().min(1).nullable().optional(),
  due: z.array(z.string().min(1)).optional(),
  deadline: z.number().int().nullable().optional(),
  inactive: z.array(z.string().min(1)).optional(),
});

const key = z.strictObject({
  key: z.string().regex(/^(sk|rk)_test_\w+$/, 'sk_test_… or rk_test_… is expected'),
  permissions: z.record(z.string(), z.enum(['read', 'write'])).optional(),
});

const limits = z.strictObject({ perEndpoint: z.number().positive().optional(), perAccount: z.number().positive().optional() });

const manner = z.strictObject({
  isHeld: z.boolean().optional(),
  duplicates: rate.optional(),
  losses: rate.optional(),
  shufflesMs: whole.optional(),
  delaySeconds: whole.optional(),
  seed: whole.optional(),
});

const release = z.strictObject({
  order: z.enum(['as_sent', 'reversed', 'shuffled']).optional(),
  seed: whole.optional(),
  copies: z.number().int().min(1).max(100).optional(),
});

const roll = z.strictObject({ target: z.string().min(1).optional(), overlapSeconds: whole.optional() });

export function addStripeRoutes(app: FastifyInstance, stripe: StripeControl): void {
  const post = (path: string, act: (body: unknown, id: string) => unknown): void =>
    void app.post<{ Params: { id: string } }>(`/stripe${path}`, async (request, reply) => {
      try {
        return reply.send((await act(request.body, request.params.id)) ?? { ok: true });
      } catch (error) {
        if (error instanceof NotPossible) return reply.code(409).send({ error: error.message });
        throw error;
      }
    });

  post('/disputes', (body) => {
    const { payment, ...complaint } = read(dispute, body);
    return stripe.openDispute(payment, complaint);
  });
  post('/disputes/:id/decide', (body, id) => stripe.decideDispute(id, read(decision, body).outcome));
  post('/payment-intents/:id/settle', (body, id) => stripe.settleDebit(id, read(code, body).code));
  post('/refunds/:id/fail', (body, id) => stripe.failRefund(id, read(code, body).code));
  post('/payouts/:id/return', (body, id) => stripe.returnPayout(id, read(code, body).code));
  post('/accounts/:id', (body, id) => stripe.orderAccount(id, read(order, body)));
  post('/accounts/:id/bank', (body, id) => {
    const { accountNumber } = read(z.strictObject({ accountNumber: z.string().min(4).optional() }), body);
    return stripe.replaceBank(id, accountNumber);
  });
  post('/keys', (body) => stripe.addKey(read(key, body)));
  post('/limits', (body) => stripe.limitRates(read(limits, body)));
  post('/webhooks/manner', (body) => stripe.setManner(read(manner, body)));
  post('/webhooks/release', (body) => ({ sent: stripe.releaseWebhooks(read(release, body)) }));
  post('/webhooks/roll-secret', (body) => {
    const { target, overlapSeconds } = read(roll, body);
    return { secret: stripe.rollWebhookSecret(target, overlapSeconds) };
  });

  app.delete<{ Params: { key: string } }>('/stripe/keys/:key', (request, reply) => {
    stripe.removeKey(request.params.key);
    return reply.code(204).send();
  });
  app.get('/stripe/calls', () => stripe.calls());
  app.get('/stripe/requests', () => stripe.requests());
  app.delete('/stripe/requests', (_, reply) => {
    stripe.forgetRequests();
    return reply.code(204).send();
  });
}
