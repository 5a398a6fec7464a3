/** Tax transactions: tax as it was charged, and as it was given back, for the returns that have to be filed. */
import { z } from 'zod';
import type { StripeState } from '../state.ts';
import { invalid } from '../wire/errors.ts';
import { newId } from '../wire/ids.ts';
import { type StripeList, wholeList } from '../wire/list.ts';
import { mergeMetadata } from '../wire/metadata.ts';
import { type Route, route } from '../wire/route.ts';
import { integer, metadata, natural, pages, refuse, text } from '../wire/rules.ts';
import type { StripeTaxTransaction, TransactionLine } from './types.ts';

const reference = text.max(500);
const taken = integer.refine((value) => value <= 0, refuse('parameter_invalid_integer', 'Reversals have amounts of 0 or less.'));

const fromCalculation = { calculation: text, metadata: metadata.optional(), posted_at: integer.optional(), reference };

const reversal = {
  flat_amount: taken.optional(),
  line_items: z
    .array(
      z.strictObject({
        amount: taken,
        amount_tax: taken,
        metadata: metadata.optional(),
        original_line_item: text,
        quantity: natural.optional(),
        reference,
      }),
    )
    .optional(),
  metadata: metadata.optional(),
  mode: z.enum(['full', 'partial']),
  original_transaction: text,
  reference,
};

export function taxTransactionRoutes(state: StripeState): Route[] {
  const address = '/v1/tax/transactions' as const;
  return [
    route(`POST ${address}/create_from_calculation`, fromCalculation, (params, { owner }) => record(state, owner, params)),
    route(`POST ${address}/create_reversal`, reversal, (params, { owner }) => reverse(state, owner, params)),
    route(`GET ${address}/:id`, {}, (_params, { owner, id }) => state.taxTransactions.get(owner, id)),
    route(`GET ${address}/:id/line_items`, pages, (params, { owner, id }) => {
      state.taxTransactions.get(owner, id);
      const { data, ...list } = taxLinesOf(state, id);
      const limit = params.limit ?? 10;
      return { ...list, data: data.slice(0, limit), has_more: data.length > limit };
    }),
  ];
}

/** Shown within a transaction to whoever asks for it. */
export const taxLinesOf = (state: StripeState, id: string): StripeList<TransactionLine> =>
  wholeList(`/v1/tax/transactions/${id}/line_items`, state.taxLines.get(id) ?? []);

function record(state: StripeState, owner: string, params: z.output<z.ZodObject<typeof fromCalculation>>): StripeTaxTransaction {
  const calculation = state.calculations.get(owner, params.calculation, 'calculation');
  if (calculation.expires_at <= state.now()) throw invalid('The calculation has expired.', { param: 'calculation' });
  const lines = state.calculationLines.get(calculation.id)!.map((line): TransactionLine => {
    const { performance_location: _location, ...kept } = line;
    return { ...kept, id: newId('tax_li'), object: 'tax.transaction_line_item', reversal: null, type: 'transaction' };
  });
  const { currency, customer, customer_details, tax_date } = calculation;
  return keep(state, owner, lines, {
    currency,
    customer,
    customer_details,
    metadata: mergeMetadata({}, params.metadata),
    posted_at: params.posted_at ?? state.now(),
    reference: params.reference,
    reversal: null,
    tax_date,
    type: 'transaction',
  });
}

type Kept = Omit<StripeTaxTransaction, 'id' | 'object' | 'created' | 'livemode' | 'ship_from_details' | 'shipping_cost'>;

/** @throws StripeRefusal 400 when the reference, which is unique, is another transaction's already. */
function keep(state: StripeState, owner: string, lines: TransactionLine[], kept: Kept): StripeTaxTransaction {
  for (const { id } of state.taxTransactions.of(owner, { reference: kept.reference })) {
    throw invalid(`The reference ${kept.reference} is that of ${id}.`, { code: 'resource_already_exists', param: 'reference' });
  }
  const id = newId('tax');
  state.taxLines.set(id, lines);
  const rest = { created: state.now(), livemode: false as const, ship_from_details: null, shipping_cost: null };
  return state.taxTransactions.put(owner, { id, object: 'tax.transaction', ...rest, ...kept });
}

type Reversal = z.output<z.ZodObject<typeof reversal>>;

function reverse(state: StripeState, owner: string, params: Reversal): StripeTaxTransaction {
  const original = state.taxTransactions.get(owner, params.original_transaction, 'original_transaction');
  if (original.type === 'reversal') throw invalid('A reversal cannot be reversed.', { param: 'original_transaction' });
  const left = leftOf(state, owner, original);
  const lines = params.mode === 'full' ? wholeReversal(left) : partialReversal(left, params);
  const { currency, customer, customer_details, tax_date } = original;
  return keep(state, owner, lines, {
    currency,
    customer,
    customer_details,
    metadata: mergeMetadata({}, params.metadata),
    posted_at: state.now(),
    reference: params.reference,
    reversal: { original_transaction: original.id },
    tax_date,
    type: 'reversal',
  });
}

/** The lines of a transaction with what earlier reversals have left of them. */
function leftOf(state: StripeState, owner: string, original: StripeTaxTransaction): TransactionLine[] {
  const lines = new Map(state.taxLines.get(original.id)!.map((line) => [line.id, line]));
  for (const other of state.taxTransactions.of(owner)) {
    if (other.reversal?.original_transaction !== original.id) continue;
    for (const taken of state.taxLines.get(other.id)!) {
      const line = lines.get(taken.reversal!.original_line_item)!;
      lines.set(line.id, { ...line, amount: line.amount + taken.amount, amount_tax: line.amount_tax + taken.amount_tax });
    }
  }
  return [...lines.values()];
}

function wholeReversal(left: TransactionLine[]): TransactionLine[] {
  if (left.every((line) => line.amount === 0 && line.amount_tax === 0))
    throw invalid('The transaction has been reversed already.');
  return left.map((line) => reversed(line, { amount: -line.amount, amount_tax: -line.amount_tax, reference: line.reference }));
}

function partialReversal(left: TransactionLine[], { flat_amount: flat, line_items: items }: Reversal): TransactionLine[] {
  if ((flat === undefined) === (items === undefined)) {
    throw invalid('A partial reversal has either a flat_amount or line_items.', { param: items ? 'flat_amount' : 'line_items' });
  }
  if (flat !== undefined) return spread(left, -flat);
  return items!.map((item, index) => {
    const line = left.find((each) => each.id === item.original_line_item);
    const param = `line_items[${index}][original_line_item]`;
    if (!line) throw invalid(`No such line item: '${item.original_line_item}'`, { code: 'resource_missing', param });
    if (-item.amount > line.amount || -item.amount_tax > line.amount_tax) {
      throw invalid('More is reversed than is left of the line.', { param: `line_items[${index}][amount]` });
    }
    return { ...reversed(line, item), metadata: item.metadata ?? null, quantity: item.quantity ?? line.quantity };
  });
}

/** A sum with its tax, over the lines in proportion; the last line takes what rounding leaves. */
function spread(left: TransactionLine[], sum: number): TransactionLine[] {
  const gross = (line: TransactionLine): number => line.amount + (line.tax_behavior === 'exclusive' ? line.amount_tax : 0);
  const total = left.reduce((all, line) => all + gross(line), 0);
  if (sum > total) throw invalid('More is reversed than is left of the transaction.', { param: 'flat_amount' });
  let rest = sum;
  return left.map((line, index) => {
    const share = index === left.length - 1 ? rest : Math.floor((sum * gross(line)) / total);
    rest -= share;
    const tax = gross(line) === 0 ? 0 : Math.round((share * line.amount_tax) / gross(line));
    const amount = line.tax_behavior === 'exclusive' ? share - tax : share;
    return reversed(line, { amount: -amount, amount_tax: -tax, reference: line.reference });
  });
}

function reversed(line: TransactionLine, taken: { amount: number; amount_tax: number; reference: string }): TransactionLine {
  const { amount, amount_tax, reference } = taken;
  return {
    ...line,
    id: newId('tax_li'),
    amount,
    amount_tax,
    reference,
    reversal: { original_line_item: line.id },
    type: 'reversal',
  };
}
