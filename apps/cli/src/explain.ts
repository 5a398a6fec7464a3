/**
 * `slipway explain`: prints what an invoice line is made of and where its money went, from GET /v1/explain/:lineId. Says so when a day is
 * not proven by its records, or when the line does not rate to the same again.
 */
import type { Command } from 'commander';
import { z } from 'zod';
import { formatMinor } from '#domain/money.ts';

const part = z.object({ label: z.string(), quantity: z.string(), unitSize: z.string(), rate: z.string() });
const record = z.object({
  recordId: z.string(),
  hour: z.string(),
  instanceId: z.string().nullable(),
  ec2InstanceId: z.string().nullable(),
  quantity: z.string(),
  signedBy: z.string(),
  receipt: z.object({ sequence: z.string(), keyId: z.string() }).nullable(),
});
const Page = z.object({ items: z.array(record), next: z.string().nullable() });
const Explanation = z.object({
  line: z.object({
    id: z.string(),
    description: z.string(),
    product: z.string(),
    vendor: z.string(),
    buyer: z.string(),
    quantity: z.string(),
    unitSize: z.string(),
    unit: z.string(),
    rate: z.string().nullable(),
    parts: z.array(part),
    discounts: z.array(z.object({ code: z.string().nullable(), amountMinor: z.string() })),
    amountMinor: z.string(),
    currency: z.string(),
  }),
  invoice: z.object({ number: z.string(), state: z.string(), finalisedAt: z.string() }),
  price: z.object({ priceVersionId: z.string(), effectiveFrom: z.string(), dimension: z.string(), model: z.string() }),
  rating: z.object({ from: z.string(), to: z.string(), revision: z.number(), reratedSha: z.string(), isSame: z.boolean() }),
  days: z.array(
    z.object({
      day: z.string(),
      quantity: z.string(),
      records: z.number(),
      corrections: z.number(),
      rowsSha: z.string(),
      isProven: z.boolean(),
    }),
  ),
  records: Page,
  journals: z.array(
    z.object({
      idemKey: z.string(),
      effectiveAt: z.string(),
      postings: z.array(z.object({ account: z.string(), currency: z.string(), amountMinor: z.string() })),
    }),
  ),
  fee: z.object({ formula: z.string(), feeMinor: z.string(), vendorMinor: z.string() }).nullable(),
  payment: z.object({ state: z.string(), stripePaymentIntentId: z.string().nullable() }).nullable(),
  transfer: z.object({ stripeTransferId: z.string().nullable() }).nullable(),
  payout: z.object({ id: z.string(), state: z.string(), stripePayoutId: z.string().nullable() }).nullable(),
});
export type Explanation = z.output<typeof Explanation>;
type RecordLine = z.output<typeof record>;

interface Options {
  market: string;
  key?: string;
  records?: boolean;
  json?: boolean;
}

export function addExplain(program: Command): void {
  program
    .command('explain')
    .description(
      'Show what an invoice line is made of: price, rating, daily sums, records with their signers, and where its money went',
    )
    .argument('<line>', 'id of an invoice line')
    .option('--market <url>', 'the marketplace (SLIPWAY_URL)', process.env.SLIPWAY_URL ?? 'http://localhost:4000')
    .option('--key <key>', 'an API key of the buyer, the vendor or the operator (SLIPWAY_API_KEY)')
    .option('--records', 'print all records, not the first hundred')
    .option('--json', 'print the answer as it came')
    .addHelpText(
      'after',
      '\nExits with 0 when all is proven, 1 when a day is not proven or the line rates to something else, 2 when there is no answer.',
    )
    .action(async (line: string, options: Options, self: Command) => {
      try {
        if (!(await explain(line, options))) process.exitCode = 1;
      } catch (error) {
        self.error(`error: ${(error as Error).message}`, { exitCode: 2 });
      }
    });
}

/** @returns whether all of it is proven. */
async function explain(line: string, options: Options): Promise<boolean> {
  const path = `/v1/explain/${encodeURIComponent(line)}`;
  const answer = await ask(path, options);
  const explanation = Explanation.parse(answer);
  const records = [...explanation.records.items];
  for (let { next } = explanation.records; options.records && next !== null;) {
    const page = Page.parse(await ask(`${path}/records?after=${encodeURIComponent(next)}`, options));
    records.push(...page.items);
    next = page.next;
  }
  process.stdout.write(options.json ? `${JSON.stringify(answer, null, 2)}\n` : asText(explanation, records));
  return isProven(explanation);
}

export const isProven = ({ rating, days }: Explanation): boolean => rating.isSame && days.every((day) => day.isProven);

async function ask(path: string, { market, key = process.env.SLIPWAY_API_KEY }: Options): Promise<unknown> {
  if (!key) throw new Error('say who you are with --key or SLIPWAY_API_KEY');
  const answer = await fetch(new URL(path, market), { headers: { authorization: `Bearer ${key}` } }).catch(() => {
    throw new Error(`${market} does not answer; say where the marketplace is with --market`);
  });
  const body = (await answer.json()) as { detail?: string };
  if (!answer.ok) throw new Error(body.detail ?? `the marketplace answered ${answer.status}`);
  return body;
}

/** For a person, from the line down to its records and on to the money. */
export function asText(explanation: Explanation, records: readonly RecordLine[] = explanation.records.items): string {
  const { line, invoice, price, rating, days, journals, fee, payment, transfer, payout } = explanation;
  const money = (minor: string, currency = line.currency): string => formatMinor(BigInt(minor), currency);
  const amount = ({ quantity, unitSize, rate }: { quantity: string; unitSize: string; rate: string | null }): string =>
    `${quantity}${unitSize === '1' ? '' : ` ÷ ${unitSize}`} × ${rate ?? '?'}`;
  const paid = payment && `  paid      ${payment.state} ${payment.stripePaymentIntentId ?? ''}`.trimEnd();
  const text = [
    `${line.description}, ${line.product} of ${line.vendor} for ${line.buyer}: ${money(line.amountMinor)}`,
    `  invoice   ${invoice.number}, ${invoice.state}, ${invoice.finalisedAt}`,
    `  price     ${price.dimension}, ${price.model}, version ${price.priceVersionId} from ${price.effectiveFrom}`,
    ...(line.parts.length > 0 ? line.parts : [{ ...line, label: line.unit }]).map((each) =>
      `  amount    ${amount(each)} ${each.label}`.trimEnd(),
    ),
    ...line.discounts.map(({ code, amountMinor }) => `  discount  ${money(amountMinor)} ${code ?? ''}`.trimEnd()),
    `  rating    ${rating.from} to ${rating.to}${rating.revision > 0 ? `, found late (${rating.revision})` : ''}, again ${rating.reratedSha.slice(0, 16)}: ${rating.isSame ? 'the same' : 'NOT THE SAME'}`,
    ...days.map(
      (day) =>
        `  day       ${day.day}: ${day.quantity} of ${day.records} records and ${day.corrections} corrections, ${day.rowsSha.slice(0, 16)}: ${day.isProven ? 'proven' : 'NOT PROVEN'}`,
    ),
    ...records.map(
      ({ hour, ec2InstanceId, instanceId, quantity, recordId, signedBy, receipt }) =>
        `  record    ${hour} ${ec2InstanceId ?? instanceId ?? 'all machines'}: ${quantity}, ${recordId}, signed by ${signedBy}${receipt ? `, receipt ${receipt.sequence}` : ''}`,
    ),
    ...(explanation.records.next !== null && records.length === explanation.records.items.length
      ? ['  record    … (--records for all)']
      : []),
    ...journals.flatMap(({ idemKey, effectiveAt, postings }) => [
      `  journal   ${idemKey}, ${effectiveAt}`,
      ...postings.map(({ account, currency, amountMinor }) => `              ${account}: ${money(amountMinor, currency)}`),
    ]),
    ...(paid ? [paid] : []),
    ...(fee ? [`  fee       ${fee.formula}: ${money(fee.feeMinor)}; the vendor’s share: ${money(fee.vendorMinor)}`] : []),
    ...(transfer ? [`  transfer  ${transfer.stripeTransferId ?? 'on its way'}`] : []),
    ...(payout ? [`  payout    ${payout.id}, ${payout.state} ${payout.stripePayoutId ?? ''}`.trimEnd()] : []),
  ];
  return `${text.join('\n')}\n`;
}
