/** The pages behind the sandbox's links: opening one does what a person would do there, then leads back to the caller's site. */
import type { FastifyInstance, FastifyReply } from 'fastify';
import { submitPapers } from '../connect/accounts.ts';
import type { StripeState } from '../state.ts';
import { StripeRefusal } from '../wire/errors.ts';
import { takeLink } from './links.ts';
import { attemptPayment, failAuthentication } from './payment-attempt.ts';
import { failSetup, finishSetup } from './setup-intents.ts';

export function addPages(app: FastifyInstance, state: StripeState): void {
  app.get<{ Params: { secret: string } }>('/setup/e/:account/:secret', (request, reply) => {
    const link = takeLink(state, request.params.secret);
    if (!link) return gone(reply);
    if (link.expiresAt < state.now()) return reply.redirect(link.refreshUrl!);
    state.store.atomically(() => submitPapers(state, link.objectId));
    return reply.redirect(link.returnUrl!);
  });

  // `?outcome=fail` is the customer who does not recognise the payment.
  app.get<{ Params: { secret: string }; Querystring: { outcome?: string } }>(
    '/sandbox/authenticate/:secret',
    (request, reply) => {
      const link = takeLink(state, request.params.secret);
      if (!link || link.expiresAt < state.now()) return gone(reply);
      state.store.atomically(() => authenticate(state, link.objectId, request.query.outcome !== 'fail'));
      if (!link.returnUrl) return reply.type('text/plain').send('Authenticated. This window can be closed.');
      return reply.redirect(link.returnUrl);
    },
  );

  app.get('/sandbox/express/:account/:secret', (_request, reply) =>
    reply.type('text/plain').send('Here an account sees its balance and its payouts.'),
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
  try {
    attemptPayment(state, { owner, intent, method, isOffSession: false, isAuthenticated: true, origin: '' });
  } catch (error) {
    // The bank has seen the customer and says no all the same; the intent tells.
    if (!(error instanceof StripeRefusal) || !error.keepsWork) throw error;
  }
}

const gone = (reply: FastifyReply): FastifyReply => reply.code(410).type('text/plain').send('Nothing can be done here any more.');
