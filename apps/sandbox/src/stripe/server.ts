/** Stripe's REST API on localhost, for the unmodified `stripe` SDK: routes, desk, clockwork and webhooks put together. */
import { fastify, type FastifyInstance } from 'fastify';
import type { SandboxClock } from '../clock.ts';
import type { Faults } from '../faults.ts';
import type { Store } from '../store.ts';
import { accountRoutes } from './connect/accounts.ts';
import { balanceRoutes } from './money/balance.ts';
import { chargeRoutes } from './payments/charges.ts';
import { customerRoutes } from './payments/customers.ts';
import { Desk } from './wire/desk.ts';
import { disputeRoutes } from './money/disputes.ts';
import { eventRoutes } from './webhooks/event-routes.ts';
import { addPages } from './payments/pages.ts';
import { paymentIntentRoutes } from './payments/payment-intents.ts';
import { paymentMethodRoutes } from './payments/payment-methods.ts';
import { payoutRoutes } from './connect/payouts.ts';
import { refundRoutes } from './money/refunds.ts';
import type { Route } from './wire/route.ts';
import { searchRoutes } from './wire/search.ts';
import { setupIntentRoutes } from './payments/setup-intents.ts';
import { StripeState } from './state.ts';
import { transferRoutes } from './connect/transfers.ts';
import { Webhooks } from './webhooks/webhooks.ts';

export interface StripeSettings {
  store: Store;
  clock: SandboxClock;
  faults: Faults;
  /** Where events go; without it they are only kept. Registered webhook endpoints hear them either way. */
  webhookUrl?: string;
  webhookSecret: string;
  /** How long a charge stays pending. Two days, as Stripe pays out in the United States. */
  availableAfterSeconds?: number;
  /** How long every call takes before its work begins, in milliseconds; lets two calls with one key meet. */
  latencyMs?: number;
}

const TWO_DAYS = 2 * 24 * 60 * 60;
const TICK_MS = 100;

/** Not yet listening. Closing it ends the deliveries of webhooks; close the store after it. */
export function stripeServer(settings: StripeSettings): FastifyInstance {
  const state = new StripeState({ availableAfterSeconds: TWO_DAYS, ...settings });
  const webhooks = new Webhooks({ ...settings, events: state.events.shelf, endpoints: state.endpoints });
  state.events.onEvent((owner, event) => webhooks.send(owner, event));
  const desk = new Desk(state, settings);

  const app = fastify({ forceCloseConnections: true, bodyLimit: 1024 * 1024 });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
  for (const route of routesOf(state)) {
    app.route({
      method: route.method,
      url: route.path,
      exposeHeadRoute: false,
      handler: (request, reply) => desk.serve(route, request, reply),
    });
  }
  addPages(app, state);
  app.setNotFoundHandler((request, reply) => desk.refuseUnknown(request, reply));

  const tick = setInterval(() => state.due.settle(), TICK_MS);
  app.addHook('onReady', async () => webhooks.start());
  app.addHook('onClose', async () => {
    clearInterval(tick);
    await webhooks.stop();
  });
  return app;
}

const routesOf = (state: StripeState): Route[] => [
  ...customerRoutes(state),
  ...paymentMethodRoutes(state),
  ...setupIntentRoutes(state),
  ...paymentIntentRoutes(state),
  ...searchRoutes(state),
  ...chargeRoutes(state),
  ...refundRoutes(state),
  ...disputeRoutes(state),
  ...balanceRoutes(state),
  ...accountRoutes(state),
  ...transferRoutes(state),
  ...payoutRoutes(state),
  ...eventRoutes(state),
];
