/** The pages behind the sandbox's links: opening one does what a person would do there, then leads back to the caller's site. */
import type { FastifyInstance, FastifyReply } from 'fastify';
import { submitPapers } from '../connect/accounts.ts';
import { openDispute } from '../money/disputes.ts';
import { takeLink } from './links.ts';
import { attemptPayment, failAuthentication } from './payment-attempt.ts';
import { failSetup, finishSetup } from './setup-intents.ts';
import type { StripeState } from '../state.ts';

export function addPages(app: FastifyInstance, state: StripeState): void {
  app.get<{ Params: { secret: string } }>('/setup/e/:account/:secret', (request, reply) => {
    const link = takeLink(state, request.params.secret);
    if (!link) return gone(reply);
    if (link.expiresAt < state.now()) return reply.redirect(link.refreshUrl!);
    submitPapers(state, link.objectId);
    return reply.redirect(link.returnUrl!);
  });

  // What a customer does at their own bank, so nothing of Stripe's API: the payment is disputed.
  app.post<{ Params: { id: string } }>('/sandbox/charges/:id/dispute', (request, reply) => {
    const charge = state.charges.find(request.params.id);
    if (!charge || charge.object.status !== 'succeeded' || charge.object.disputed) return gone(reply);
    return reply.send(openDispute(state, charge.owner, charge.object));
  });

  // `?outcome=fail` is the customer who does not recognise the payment.
  app.get<{ Params: { secret: string }; Querystring: { outcome?: string } }>(
    '/sandbox/authenticate/:secret',
    (request, reply) => {
      const link = takeLink(state, request.params.secret);
      if (!link || link.expiresAt < state.now()) return gone(reply);
      authenticate(state, link.objectId, request.query.outcome !== 'fail');
      if (!link.returnUrl) return reply.type('text/plain').send('Authenticated. This window can be closed.');
      return reply.redirect(link.returnUrl);
    },
  );
}

function authenticate(state: StripeState, intentId: string, isProven: boolean): void {
  const payment = state.paymentIntents.find(intentId);
  const setup = state.setupIntents.find(intentId);
  if (setup?.object.status === 'requires_action') {
    if (isProven) finishSetup(state, setup.owner, setup.object);
    else failSetup(state, setup.owner, setup.object);
  }
  if (payment?.object.status !== 'requires_action') return;
  const { owner, object: intent } = payment;
  const method = state.paymentMethods.get(owner, intent.payment_method!);
  if (!isProven) return failAuthentication(state, owner, intent, method);
  attemptPayment(state, { owner, intent, method, isOffSession: false, isAuthenticated: true, origin: '' });
}

const gone = (reply: FastifyReply): FastifyReply => reply.code(410).type('text/plain').send('Nothing can be done here any more.');
