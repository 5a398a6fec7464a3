/** Tax calculations: what tax an invoice has to carry, kept for ninety days to be made a transaction of. */
import { z } from 'zod';
import { addressOf } from '../payments/addresses.ts';
import type { StripeState } from '../state.ts';
import { invalid, missing, notImitated } from '../wire/errors.ts';
import { newId } from '../wire/ids.ts';
import { type StripeList, wholeList } from '../wire/list.ts';
import { type Route, route } from '../wire/route.ts';
import { TAX_ID_TYPES } from '../wire/published.gen.ts';
import { country, currency, emptyableText, integer, metadata, natural, pages, refuse, text } from '../wire/rules.ts';
import { type Levy, levyFor, percentage, taxOn } from './rates.ts';
import type { CalculationLine, StripeCalculation, TaxCustomer } from './types.ts';

const customerDetails = z.strictObject({
  address: z
    .strictObject({
      city: emptyableText.optional(),
      country,
      line1: emptyableText.optional(),
      line2: emptyableText.optional(),
      postal_code: emptyableText.optional(),
      state: emptyableText.optional(),
    })
    .optional(),
  address_source: z.enum(['billing', 'shipping']).optional(),
  tax_ids: z.array(z.strictObject({ type: z.enum(TAX_ID_TYPES), value: text })).optional(),
  taxability_override: z.enum(['customer_exempt', 'none', 'reverse_charge']).optional(),
});

const create = {
  currency,
  customer: text.optional(),
  customer_details: customerDetails.optional(),
  line_items: z
    .array(
      z.strictObject({
        amount: integer,
        metadata: metadata.optional(),
        quantity: natural.optional(),
        reference: text.max(500).optional(),
        tax_behavior: z.enum(['exclusive', 'inclusive']).optional(),
        tax_code: text.regex(/^txcd_\d{8}$/, refuse('resource_missing', 'No such tax code.')).optional(),
      }),
    )
    .min(1)
    .max(1000),
  tax_date: integer.optional(),
};

const KEPT_SECONDS = 90 * 24 * 60 * 60;
const GENERAL = 'txcd_10000000';

export function calculationRoutes(state: StripeState): Route[] {
  const address = '/v1/tax/calculations' as const;
  return [
    route(`POST ${address}`, create, (params, { owner }) => calculate(state, owner, params)),
    route(`GET ${address}/:id`, {}, (_params, { owner, id }) => state.calculations.get(owner, id)),
    route(`GET ${address}/:id/line_items`, pages, (params, { owner, id }) => {
      state.calculations.get(owner, id);
      const { data, ...list } = linesOf(state, id);
      const limit = params.limit ?? 10;
      return { ...list, data: data.slice(0, limit), has_more: data.length > limit };
    }),
  ];
}

/** Shown within a calculation to whoever asks for it. */
export const linesOf = (state: StripeState, id: string): StripeList<CalculationLine> =>
  wholeList(`/v1/tax/calculations/${id}/line_items`, state.calculationLines.get(id) ?? []);

type Params = z.output<z.ZodObject<typeof create>>;

function calculate(state: StripeState, owner: string, params: Params): StripeCalculation {
  const customer = customerOf(state, owner, params);
  const levy = levyFor(customer);
  const lines = params.line_items.map((item, index) => lineOf(item, index, levy));
  const references = new Set(lines.map((line) => line.reference));
  if (references.size < lines.length) throw invalid('The references of line items have to differ.', { param: 'line_items' });
  const sum = (behavior: 'exclusive' | 'inclusive', member: 'amount' | 'amount_tax'): number =>
    lines.filter((line) => line.tax_behavior === behavior).reduce((total, line) => total + line[member], 0);
  const id = newId('taxcalc');
  state.calculationLines.set(id, lines);
  return state.calculations.put(owner, {
    id,
    object: 'tax.calculation',
    amount_total: sum('exclusive', 'amount') + sum('exclusive', 'amount_tax') + sum('inclusive', 'amount'),
    currency: params.currency,
    customer: params.customer ?? null,
    customer_details: customer,
    expires_at: state.now() + KEPT_SECONDS,
    livemode: false,
    ship_from_details: null,
    shipping_cost: null,
    tax_amount_exclusive: sum('exclusive', 'amount_tax'),
    tax_amount_inclusive: sum('inclusive', 'amount_tax'),
    tax_breakdown: (['exclusive', 'inclusive'] as const)
      .filter((behavior) => lines.some((line) => line.tax_behavior === behavior))
      .map((behavior) => breakdown(levy, behavior, sum(behavior, 'amount'), sum(behavior, 'amount_tax'))),
    tax_date: params.tax_date ?? state.now(),
  });
}

function customerOf(state: StripeState, owner: string, params: Params): TaxCustomer {
  const { customer: id, customer_details: given } = params;
  if (!id && !given) throw missing('customer_details');
  const known = id ? state.customers.get(owner, id, 'customer') : undefined;
  const address = given?.address ? addressOf(given.address) : (known?.shipping?.address ?? known?.address ?? null);
  if (!address?.country) {
    throw invalid('The address of the customer is not known well enough to tax.', {
      code: 'customer_tax_location_invalid',
      param: 'customer_details[address]',
    });
  }
  if (given?.address && !given.address_source) throw missing('customer_details[address_source]');
  if (address.country.toUpperCase() === 'US' && !address.state)
    throw notImitated('the state of a postal code', 'customer_details[address]');
  return {
    address,
    address_source: given?.address_source ?? (known?.shipping ? 'shipping' : 'billing'),
    ip_address: null,
    tax_ids: given?.tax_ids ?? [],
    taxability_override: given?.taxability_override ?? OVERRIDES[known?.tax_exempt ?? 'none'],
  };
}

const OVERRIDES = { exempt: 'customer_exempt', none: 'none', reverse: 'reverse_charge' } as const;

function lineOf(item: Params['line_items'][number], index: number, levy: Levy): CalculationLine {
  const behavior = item.tax_behavior ?? 'exclusive';
  return {
    id: newId('tax_li'),
    object: 'tax.calculation_line_item',
    amount: item.amount,
    amount_tax: taxOn(item.amount, levy.rate, behavior),
    livemode: false,
    metadata: item.metadata ?? null,
    performance_location: null,
    product: null,
    quantity: item.quantity ?? 1,
    reference: item.reference ?? `L${index + 1}`,
    tax_behavior: behavior,
    tax_code: item.tax_code ?? GENERAL,
  };
}

function breakdown(levy: Levy, behavior: 'exclusive' | 'inclusive', amount: number, tax: number): Record<string, unknown> {
  const isTaxed = levy.reason === 'standard_rated';
  return {
    amount: tax,
    inclusive: behavior === 'inclusive',
    tax_rate_details: {
      country: levy.country,
      flat_amount: null,
      percentage_decimal: percentage(levy.rate),
      rate_type: isTaxed ? 'percentage' : null,
      state: levy.state,
      tax_type: isTaxed ? levy.taxType : null,
    },
    taxability_reason: levy.reason,
    taxable_amount: isTaxed ? amount - (behavior === 'inclusive' ? tax : 0) : 0,
  };
}
