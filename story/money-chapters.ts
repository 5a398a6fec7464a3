/** The second half of the story: the period closes, and the money goes from the buyer's card to the vendor's bank. */
import assert from 'node:assert/strict';
import type { Account } from '#testing/account.ts';
import type { Book } from './book.ts';
import { ACME, GLOBEX, until } from './market.ts';
import type { World } from './world.ts';

/** 370 hours × 0.0837 = 30.969; 23 users × 0.333 = 7.659: rounded once per line, half away from zero. */
const EXPECTED = {
  hoursLine: '3097',
  usersLine: '766',
  total: '3863',
  hoursFee: '619',
  usersFee: '153',
  vendor: '3091',
  stripeFee: '142',
};

export async function collectAndPayOut(world: World, book: Book, vendor: Account, buyer: Account): Promise<void> {
  book.chapter('Rate and invoice');
  world.scene();
  const invoice = await until('the invoice to be paid', async () => {
    const { items } = await buyer.get<{ items: Array<{ id: string; state: string; number: string; totalMinor: string }> }>(
      '/v1/invoices',
    );
    return items.find((candidate) => candidate.state === 'paid');
  });
  assert.equal(invoice.number, 'SLW-2026-000001');
  assert.equal(invoice.totalMinor, EXPECTED.total);
  book.say(
    '1 February, 06:00 UTC: the month is closed. Each dimension becomes one charge, exact; each charge one invoice line, rounded once; each line is split into fee and vendor share.',
  );
  book.rows(
    'billing.charge',
    await world.sql(
      'select dimension, quantity::text, trim_scale(rate)::text as rate, trim_scale(quantity * rate / unit_size)::text as "exact amount" from billing.charge order by dimension',
    ),
  );
  const lines = await world.sql<{ dimension: string; 'amount (cents)': string; fee: string; vendor: string }>(
    `select charge.dimension, invoice_line.amount_minor::text as "amount (cents)", invoice_line.fee_minor::text as fee, invoice_line.vendor_minor::text as vendor
     from billing.invoice_line join billing.charge on charge.id = invoice_line.charge_id order by charge.dimension`,
  );
  book.rows('billing.invoice_line', lines);
  assert.deepEqual(
    lines.map((line) => [line.dimension, line['amount (cents)'], line.fee]),
    [
      ['hours', EXPECTED.hoursLine, EXPECTED.hoursFee],
      ['users', EXPECTED.usersLine, EXPECTED.usersFee],
    ],
  );
  book.rows(
    'billing.invoice',
    await world.sql('select number, state, total_minor::text as "total (cents)", currency from billing.invoice'),
  );

  book.chapter('Collect');
  await until('all events to be handled', async () => {
    const [row] = await world.sql<{ waiting: number }>(
      'select count(*)::int as waiting from billing.inbound_event where handled_at is null',
    );
    return row!.waiting === 0 ? true : undefined;
  });
  book.say(
    `${GLOBEX.name}'s card is charged by one Stripe PaymentIntent whose key is our own row's id. Stripe's signed webhook says that it succeeded; the intent is fetched, not believed.`,
  );
  book.rows(
    'billing.payment',
    await world.sql('select state, amount_minor::text as "amount (cents)", currency from billing.payment'),
  );

  book.chapter('Split, transfer, pay out');
  world.scene();
  await until('the transfer to be made', async () => {
    const { items } = await vendor.get<{ items: Array<{ state: string }> }>('/v1/payouts');
    return items.find((candidate) => candidate.state === 'sent');
  });
  // Stripe lets the money of a card go after two days, and takes another for the bank.
  await world.moveTo('2026-02-04T09:10:00Z');
  await until('the payout to be on its way', async () => {
    const [row] = await world.sql<{ made: boolean }>('select stripe_payout_id is not null as made from billing.payout');
    return row?.made ? true : undefined;
  });
  await world.moveTo('2026-02-05T09:10:00Z');
  const payout = await until('the payout to be at the bank', async () => {
    const { items } = await vendor.get<{ items: Array<{ state: string; amountMinor: string }> }>('/v1/payouts');
    return items.find((candidate) => candidate.state === 'paid');
  });
  assert.equal(payout.amountMinor, EXPECTED.vendor);
  book.say(
    `The buyer has paid, so ${ACME.name}'s share is released and transferred to its account at Stripe, out of the charge it came from. Three days later, when Stripe lets the money go, it is paid out to the bank.`,
  );
  book.rows(
    'billing.payout',
    await world.sql('select state, amount_minor::text as "amount (cents)", currency from billing.payout'),
  );
  await tellLedger(world, book);
  await assertEnd(world);
}

async function tellLedger(world: World, book: Book): Promise<void> {
  book.chapter('The books');
  book.say('Every step above is a journal that sums to zero; the database refuses any other.');
  book.rows(
    'billing.posting',
    await world.sql(`select journal.kind, split_part(posting.account, '/', 1) as account, posting.amount_minor::text as "cents (debit +, credit −)"
      from billing.posting join billing.journal on journal.id = posting.journal_id
      order by array_position(array['invoice_finalised', 'payment_succeeded', 'stripe_fee', 'share_released', 'payout_reserved', 'payout_sent'], journal.kind),
        journal.kind, posting.amount_minor desc, posting.account`),
  );
  const balances = await world.sql<{ account: string; balance: string }>(
    `select split_part(posting.account, '/', 1) as account, sum(posting.amount_minor)::text as balance from billing.posting group by 1 order by 1`,
  );
  book.rows('balances', balances);
  const balanceOf = (account: string): string => balances.find((row) => row.account === account)?.balance ?? '0';
  assert.equal(
    balances.reduce((sum, row) => sum + BigInt(row.balance), 0n),
    0n,
    'the whole ledger sums to zero',
  );
  assert.equal(balanceOf('buyer_receivable'), '0', 'the buyer owes nothing');
  assert.equal(balanceOf('vendor_unsettled'), '0');
  assert.equal(balanceOf('vendor_payable'), '0', 'the vendor is paid');
  assert.equal(balanceOf('payout_in_transit'), '0');
  assert.equal(balanceOf('platform_revenue'), `-${Number(EXPECTED.hoursFee) + Number(EXPECTED.usersFee)}`);
  assert.equal(balanceOf('stripe_fees'), EXPECTED.stripeFee);
  const kept = BigInt(EXPECTED.total) - BigInt(EXPECTED.stripeFee) - BigInt(EXPECTED.vendor);
  assert.equal(balanceOf('stripe_clearing'), String(kept), 'what is left at Stripe is the fee less what Stripe took');
}

/** Nothing was done twice, whatever was killed: one machine, one invoice, one charge, one transfer, one payout. */
async function assertEnd(world: World): Promise<void> {
  const [rows] = await world.sql<Record<string, number>>(`select
    (select count(*)::int from launcher.instance) as instances, (select count(*)::int from billing.invoice) as invoices,
    (select count(*)::int from billing.payment) as payments, (select count(*)::int from billing.payout) as payouts`);
  assert.deepEqual(rows, { instances: 1, invoices: 1, payments: 1, payouts: 1 });
  const reports = await world.meteringSql(`select from metering.usage_record where dimension = 'users'`);
  assert.equal(reports.length, 3, 'each report of users was recorded once');
  const stripe = (path: string): Promise<unknown[]> =>
    until('the sandbox to answer', async () => {
      const response = await fetch(`${world.stack.sandboxUrls.stripe}/v1/${path}`, {
        headers: { authorization: 'Bearer sk_test_slipway_sandbox' },
      });
      return ((await response.json()) as { data: unknown[] }).data;
    });
  assert.equal((await stripe('payment_intents')).length, 1, 'the card was charged once');
  assert.equal((await stripe('transfers')).length, 1, 'the vendor got one transfer');
}
