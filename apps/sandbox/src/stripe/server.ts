/** Stripe's REST API on localhost, for the unmodified `stripe` SDK: routes, desk, clockwork and webhooks put together. */
import { fastify, type FastifyInstance } from 'fastify';
import type { SandboxClock } from '../clock.ts';
import type { Faults } from '../faults.ts';
import type { Store } from '../store.ts';
import { addCheckoutPage } from './checkout/page.ts';
import { StripeControl } from './control.ts';
import { addPages } from './payments/pages.ts';
import { stripeRoutes } from './routes.ts';
import { StripeState } from './state.ts';
import { Webhooks } from './webhooks/webhooks.ts';
import { Desk } from './wire/desk.ts';
import { Limits } from './wire/limits.ts';
import { RequestLog } from './wire/request-log.ts';

export interface StripeSettings {
  store: Store;
  clock: SandboxClock;
  faults: Faults;
  /** Where events go; without it they are only kept. Registered webhook endpoints hear them either way. */
  webhookUrl?: string;
  webhookSecret: string;
  /** How long a charge stays pending. Two days, as Stripe pays out in the United States. */
  availableAfterSeconds?: number;
  /** How long a bank takes over a debit. Two days. */
  debitClearsAfterSeconds?: number;
  /** How long a payout takes to its bank. Two seconds: whoever waits for it moves the clock. */
  payoutArrivesAfterSeconds?: number;
  /** How long every call takes before its work begins, in milliseconds; lets two calls with one key meet. */
  latencyMs?: number;
}

export interface StripeServer {
  /** Not yet listening. Closing it ends the deliveries of webhooks; close the store after it. */
  app: FastifyInstance;
  control: StripeControl;
}

const TWO_DAYS = 2 * 24 * 60 * 60;
const TICK_MS = 100;

export function stripeServer(settings: StripeSettings): StripeServer {
  const { store, clock } = settings;
  const times = { availableAfterSeconds: TWO_DAYS, debitClearsAfterSeconds: TWO_DAYS, payoutArrivesAfterSeconds: 2 };
  const state = new StripeState({ ...times, ...settings });
  const webhooks = new Webhooks(state, settings);
  state.events.onEvent((owner, event) => webhooks.send(owner, event));
  const limits = new Limits(store, clock);
  const log = new RequestLog();
  const routes = stripeRoutes(state);
  const desk = new Desk(state, { ...settings, limits, log, webhooksDelivered: () => webhooks.delivered() });

  const app = fastify({ forceCloseConnections: true, bodyLimit: 1024 * 1024 });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
  for (const route of routes) {
    app.route({
      method: route.method,
      url: route.path,
      exposeHeadRoute: false,
      handler: (request, reply) => desk.serve(route, request, reply),
    });
  }
  addPages(app, state);
  addCheckoutPage(app, state);
  app.setNotFoundHandler((request, reply) => desk.refuseUnknown(request, reply));

  const tick = setInterval(() => settle(state), TICK_MS);
  app.addHook('onReady', async () => webhooks.start());
  app.addHook('onClose', async () => {
    clearInterval(tick);
    await webhooks.stop();
  });
  return { app, control: new StripeControl(state, webhooks, limits, log) };
}

/** A mistake in what is due shows in the next call's answer; it must not end the sandbox. */
function settle(state: StripeState): void {
  try {
    state.due.settle();
  } catch (error) {
    console.error(error);
  }
}
