/** SetupIntents: a payment method made ready to be charged while its owner is away, without a payment. */
import { z } from 'zod';
import type { StripeState } from '../state.ts';
import { invalid, returnUrlMissing } from '../wire/errors.ts';
import { newId, randomText } from '../wire/ids.ts';
import { mergeMetadata } from '../wire/metadata.ts';
import { type Caller, type Route, route } from '../wire/route.ts';
import { clearableMetadata, flag, metadata, paging, text, url } from '../wire/rules.ts';
import { AUTHENTICATION_REQUIRED, declineRefusal } from './declines.ts';
import { authenticationAction } from './links.ts';
import { makeMandate, type MandateData, needsMandate } from './mandates.ts';
import {
  canRedirect,
  incompatible,
  mandateData,
  methodOptions,
  methodTypeRules,
  methodTypes,
  retiredMethodTypes,
} from './method-types.ts';
import { attach, findPaymentMethod, instrumentOf } from './payment-methods.ts';
import type { StripeSetupIntent } from './types.ts';

const confirm = {
  mandate_data: mandateData.optional(),
  payment_method: text.optional(),
  payment_method_options: methodOptions.optional(),
  return_url: url.optional(),
  use_stripe_sdk: flag.optional(),
};

const create = {
  ...confirm,
  ...methodTypeRules,
  ...retiredMethodTypes,
  confirm: flag.optional(),
  customer: text.optional(),
  description: text.optional(),
  metadata: metadata.optional(),
  usage: z.enum(['off_session', 'on_session']).optional(),
};

const update = {
  customer: text.optional(),
  description: text.optional(),
  metadata: clearableMetadata.optional(),
  payment_method: text.optional(),
  payment_method_options: methodOptions.optional(),
};

const cancellation = z.enum(['abandoned', 'requested_by_customer', 'duplicate']);

export function setupIntentRoutes(state: StripeState): Route[] {
  return [
    route('POST /v1/setup_intents', create, (params, caller) => createSetup(state, params, caller)),
    route(
      'GET /v1/setup_intents',
      { ...paging, customer: text.optional(), payment_method: text.optional() },
      (params, { owner }) => {
        const { customer, payment_method } = params;
        return state.setupIntents.page(owner, '/v1/setup_intents', params, { customer, payment_method });
      },
    ),
    route('GET /v1/setup_intents/:id', { client_secret: text.optional() }, (_params, { owner, id }) =>
      state.setupIntents.get(owner, id),
    ),
    route('POST /v1/setup_intents/:id', update, ({ metadata, payment_method, ...given }, { owner, id }) => {
      const intent = state.setupIntents.get(owner, id);
      demandOpen(intent, 'updated');
      if (given.customer) state.customers.get(owner, given.customer, 'customer');
      const method = payment_method && findPaymentMethod(state, owner, payment_method, 'payment_method');
      return state.setupIntents.put(owner, {
        ...intent,
        ...given,
        metadata: mergeMetadata(intent.metadata, metadata),
        ...(method && { payment_method: method.id, status: 'requires_confirmation' }),
      });
    }),
    route('POST /v1/setup_intents/:id/confirm', confirm, (params, caller) => {
      const intent = state.setupIntents.get(caller.owner, caller.id);
      demandOpen(intent, 'confirmed');
      demandConfirmable(intent, params);
      return confirmSetup(state, intent, params, caller);
    }),
    route('POST /v1/setup_intents/:id/cancel', { cancellation_reason: cancellation.optional() }, (params, { owner, id }) => {
      const intent = state.setupIntents.get(owner, id);
      demandOpen(intent, 'canceled');
      const reason = params.cancellation_reason ?? null;
      const canceled = { ...intent, cancellation_reason: reason, next_action: null, status: 'canceled' as const };
      state.emit(owner, 'setup_intent.canceled', canceled);
      return state.setupIntents.put(owner, canceled);
    }),
  ];
}

type CreateParams = z.output<z.ZodObject<typeof create>>;
type ConfirmParams = z.output<z.ZodObject<typeof confirm>>;

function createSetup(state: StripeState, params: CreateParams, caller: Caller): StripeSetupIntent {
  if (params.customer) state.customers.get(caller.owner, params.customer, 'customer');
  const draft = newSetupIntent(state, params);
  if (params.confirm) demandConfirmable(draft, params);
  const premature = !params.confirm && (['mandate_data', 'return_url'] as const).find((name) => params[name]);
  if (premature) throw invalid(`'${premature}' can only be used when confirm=true.`, { param: premature });
  const method = params.payment_method && findPaymentMethod(state, caller.owner, params.payment_method, 'payment_method');
  const intent = state.setupIntents.put(caller.owner, {
    ...draft,
    payment_method: method ? method.id : null,
    status: method ? 'requires_confirmation' : 'requires_payment_method',
  });
  state.emit(caller.owner, 'setup_intent.created', intent);
  return params.confirm ? confirmSetup(state, intent, { ...params, payment_method: undefined }, caller) : intent;
}

function confirmSetup(state: StripeState, before: StripeSetupIntent, params: ConfirmParams, caller: Caller): StripeSetupIntent {
  const { owner, origin } = caller;
  const method = findPaymentMethod(state, owner, params.payment_method ?? before.payment_method!, 'payment_method');
  const incompatibility = incompatible(before, method, 'setup_intent_invalid_parameter');
  if (incompatibility) throw incompatibility;
  const intent = { ...before, payment_method: method.id, last_setup_error: null };
  const { decline, isRefusedWhenKept, authentication } = instrumentOf(method);
  if (decline && isRefusedWhenKept) {
    const failed: StripeSetupIntent = {
      ...intent,
      last_setup_error: declineRefusal(decline, { payment_method: method }).body().error,
      payment_method: null,
      status: 'requires_payment_method',
    };
    state.setupIntents.put(owner, failed);
    state.emit(owner, 'setup_intent.setup_failed', failed);
    throw declineRefusal(decline, { setup_intent: failed, payment_method: method }).afterWork();
  }
  if (needsMandate(method)) return agree(state, owner, intent, params.mandate_data ?? null);
  if (authentication !== 'never') {
    const action = authenticationAction(state, { objectId: intent.id, origin, returnUrl: params.return_url ?? null });
    const waiting = state.setupIntents.put(owner, { ...intent, next_action: action, status: 'requires_action' });
    state.emit(owner, 'setup_intent.requires_action', waiting);
    return waiting;
  }
  return finishSetup(state, owner, intent);
}

/** A bank account is ready once its holder has agreed to be debited. */
function agree(state: StripeState, owner: string, intent: StripeSetupIntent, data: MandateData): StripeSetupIntent {
  if (!data)
    throw invalid('This SetupIntent requires a mandate; give the acceptance of one as mandate_data.', { param: 'mandate_data' });
  const method = state.paymentMethods.get(owner, intent.payment_method!);
  return finishSetup(state, owner, { ...intent, mandate: makeMandate(state, owner, method, data).id });
}

/** The method is ready; it is kept with the customer if the intent has one. */
export function finishSetup(state: StripeState, owner: string, intent: StripeSetupIntent): StripeSetupIntent {
  const methodId = intent.payment_method!;
  if (intent.customer) attach(state, owner, state.paymentMethods.get(owner, methodId), intent.customer);
  state.readyMethods.set(methodId, true);
  const done = state.setupIntents.put(owner, { ...intent, next_action: null, status: 'succeeded' });
  state.emit(owner, 'setup_intent.succeeded', done);
  return done;
}

/** The customer could not prove who they are. */
export function failSetup(state: StripeState, owner: string, intent: StripeSetupIntent): void {
  const error = declineRefusal({ ...AUTHENTICATION_REQUIRED, code: 'setup_intent_authentication_failure' }, {}).body().error;
  const failed: StripeSetupIntent = {
    ...intent,
    last_setup_error: error,
    next_action: null,
    payment_method: null,
    status: 'requires_payment_method',
  };
  state.setupIntents.put(owner, failed);
  state.emit(owner, 'setup_intent.setup_failed', failed);
}

function demandOpen(intent: StripeSetupIntent, verb: string): void {
  if (['requires_payment_method', 'requires_confirmation', 'requires_action'].includes(intent.status)) return;
  const message = `This SetupIntent cannot be ${verb} because it has a status of ${intent.status}.`;
  throw invalid(message, { code: 'setup_intent_unexpected_state', setup_intent: intent });
}

function demandConfirmable(intent: StripeSetupIntent, params: ConfirmParams): void {
  if (!params.payment_method && !intent.payment_method) {
    const message = 'This SetupIntent cannot be confirmed because it is missing a payment method.';
    throw invalid(message, { code: 'setup_intent_unexpected_state', setup_intent: intent });
  }
  if (!canRedirect(intent) || params.return_url || params.use_stripe_sdk) return;
  throw returnUrlMissing();
}

function newSetupIntent(state: StripeState, params: CreateParams): StripeSetupIntent {
  const id = newId('seti');
  return {
    id,
    object: 'setup_intent',
    application: null,
    ...methodTypes(params),
    cancellation_reason: null,
    client_secret: `${id}_secret_${randomText(25)}`,
    created: state.now(),
    customer: params.customer ?? null,
    customer_account: null,
    description: params.description ?? null,
    flow_directions: null,
    last_setup_error: null,
    latest_attempt: null,
    livemode: false,
    mandate: null,
    metadata: mergeMetadata({}, params.metadata),
    next_action: null,
    on_behalf_of: null,
    payment_method: null,
    payment_method_configuration_details: null,
    payment_method_options: {
      ...params.payment_method_options,
      card: { mandate_options: null, network: null, request_three_d_secure: 'automatic', ...params.payment_method_options?.card },
    },
    single_use_mandate: null,
    status: 'requires_payment_method',
    usage: params.usage ?? 'off_session',
  };
}
