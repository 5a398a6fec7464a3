/** The page of a checkout session: what is to be paid, one of the test payment methods, and a button. A form, so that a test can fill it in. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { StripeState } from '../state.ts';
import { StripeRefusal } from '../wire/errors.ts';
import { parseForm } from '../wire/form.ts';
import { paySession } from './session-course.ts';
import type { StripeSession } from './types.ts';

/** What the page offers; any other magic id may be sent to it as well. */
const OFFERED: [id: string, label: string][] = [
  ['pm_card_visa', 'Visa •••• 4242 (pays)'],
  ['pm_card_authenticationRequired', 'Visa •••• 3184 (asks for you)'],
  ['pm_card_visa_chargeDeclined', 'Visa •••• 0002 (declined)'],
  ['pm_card_visa_chargeDeclinedInsufficientFunds', 'Visa •••• 9995 (no funds)'],
  ['pm_card_createDispute', 'Visa •••• 0259 (disputes later)'],
  ['pm_usBankAccount_success', 'US bank account •••• 6789 (pays in days)'],
  ['pm_usBankAccount_insufficientFunds', 'US bank account •••• 2227 (comes back)'],
  ['pm_success_de', 'SEPA debit •••• 3201 (pays in days)'],
];

type Request = FastifyRequest<{ Params: { id: string } }>;

export function addCheckoutPage(app: FastifyInstance, state: StripeState): void {
  app.get('/c/pay/:id', (request: Request, reply) => {
    const kept = state.sessions.find(request.params.id);
    if (!kept) return html(reply.code(404), '<p>There is no such page.</p>');
    return show(reply, kept.object);
  });

  app.post('/c/pay/:id', (request: Request, reply) => {
    const kept = state.sessions.find(request.params.id);
    if (!kept) return html(reply.code(404), '<p>There is no such page.</p>');
    if (kept.object.status !== 'open') return show(reply, kept.object);
    const form = parseForm(String(request.body ?? ''));
    const text = (name: string): string | null => (typeof form[name] === 'string' && form[name] !== '' ? form[name] : null);
    const origin = `${request.protocol}://${request.host}`;
    try {
      const intent = state.store.atomically(() => {
        const paymentMethod = text('payment_method') ?? 'pm_card_visa';
        const returnUrl = `${origin}/c/pay/${kept.object.id}`;
        const payer = { paymentMethod, email: text('email'), name: text('name'), returnUrl, origin };
        return keepingDeclines(() => paySession(state, kept.owner, kept.object, payer));
      });
      if (intent instanceof StripeRefusal) return show(reply.code(402), kept.object, intent.message);
      if (intent.status === 'requires_action') {
        const { redirect_to_url: redirect } = intent.next_action as { redirect_to_url: { url: string } };
        return reply.redirect(redirect.url, 303);
      }
      return reply.redirect(successUrl(kept.object), 303);
    } catch (error) {
      if (error instanceof StripeRefusal) return show(reply.code(error.httpStatus), kept.object, error.message);
      throw error;
    }
  });
}

/** What a declined payment leaves behind is kept, as by a call of the API. */
function keepingDeclines<T>(work: () => T): T | StripeRefusal {
  try {
    return work();
  } catch (error) {
    if (error instanceof StripeRefusal && error.keepsWork) return error;
    throw error;
  }
}

function show(reply: FastifyReply, session: StripeSession, problem?: string): FastifyReply {
  if (session.status === 'complete') return reply.redirect(successUrl(session), 303);
  if (session.status === 'expired') return html(reply.code(410), '<p>This page has expired. Ask for a new link.</p>');
  const options = OFFERED.map(([id, label]) => `<option value="${id}">${label}</option>`).join('');
  const amount = `${escaped(String(session.amount_total))} minor units of ${escaped(session.currency.toUpperCase())}`;
  return html(
    reply,
    `<h1>Pay ${amount}</h1>
    ${problem ? `<p role="alert">${escaped(problem)}</p>` : ''}
    <form method="post">
      <p><label>Email <input type="email" name="email" value="${escaped(session.customer_email ?? '')}"></label></p>
      <p><label>Name <input name="name"></label></p>
      <p><label>Pay with <select name="payment_method">${options}</select></label></p>
      <p><button>Pay</button>${session.cancel_url ? ` <a href="${escaped(session.cancel_url)}">Back</a>` : ''}</p>
    </form>`,
  );
}

const successUrl = ({ success_url, id }: StripeSession): string => success_url.replaceAll('{CHECKOUT_SESSION_ID}', id);

const html = (reply: FastifyReply, body: string): FastifyReply =>
  reply
    .type('text/html; charset=utf-8')
    .send(`<!doctype html><html lang="en"><meta charset="utf-8"><title>Checkout (sandbox)</title><body>${body}</body></html>`);

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
