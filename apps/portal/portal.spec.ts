/** People in front of the portal: Acme publishes, Globex subscribes and launches. A real browser, real apps, the sandbox. */
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser } from '#testing/browser.ts';
import { TestClock } from '#testing/clock.ts';
import { makeOperator } from '../../tools/operators.ts';
import { buildPortal, startMarketplace, type Marketplace } from './testing.ts';

const WITHIN = { timeout: 20_000 };
const PATIENTLY = { timeout: 90_000 };

const clock = new TestClock('2026-01-05T09:20:00Z');
let market: Marketplace;
let browser: Browser;
const complaints: string[] = [];

beforeAll(async () => {
  await buildPortal();
  [market, browser] = await Promise.all([startMarketplace(clock), openBrowser()]);
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await market?.close();
});

afterEach(() => {
  expect(complaints.splice(0)).toEqual([]);
});

describe('the portal', () => {
  it('takes Acme from sign-up to the storefront', PATIENTLY, async () => {
    const page = await newcomer({ name: 'Ann', company: 'Acme', kind: 'sell', email: 'vendor@acme.example' });

    await page.getByRole('button', { name: 'New product' }).click();
    await page.getByRole('textbox', { name: 'Name' }).fill('Acme Vault');
    await page.getByRole('button', { name: 'Create product' }).click();
    await page.getByRole('heading', { name: 'Acme Vault' }).waitFor();

    await page.getByRole('button', { name: 'Submit a version' }).click();
    const version = page.getByRole('dialog', { name: 'Submit a version' });
    await version.getByRole('textbox', { name: 'Version', exact: true }).fill('1.0.0');
    await version.getByRole('textbox', { name: 'Image', exact: true }).fill('an image of ours');
    await version.getByLabel('Address of the appliance').fill(`http://{address}:${market.sandbox.appliancePort}/`);
    await version.getByRole('button', { name: 'Submit version' }).click();
    await version.getByText('Must be an AMI id such as ami-0123456789abcdef0').waitFor();
    await version.getByRole('textbox', { name: 'Image', exact: true }).fill('ami-0acce550000000001');
    await version.getByRole('button', { name: 'Submit version' }).click();

    const images = page.getByRole('table', { name: 'Images of version 1.0.0' });
    await images.getByRole('cell', { name: 'us-east-1' }).waitFor();
    await images.getByText('Can be launched here').waitFor(WITHIN);

    await page.getByRole('button', { name: 'Set a price' }).click();
    const price = page.getByRole('dialog', { name: 'Price and terms' });
    await price.getByLabel('Price per hour').fill('2.5');
    await price.getByRole('button', { name: 'Charge for something used' }).click();
    await price.getByLabel('Dimension').fill('users');
    await price.getByLabel('Called').last().fill('Active users');
    await price.getByRole('textbox', { name: 'Unit', exact: true }).fill('user');
    await price.getByLabel('Price per unit').fill('1.5');
    await price.getByLabel('Terms').fill('Acme Vault licence: use it well.');
    await price.getByRole('button', { name: 'Set price' }).click();
    await page.getByRole('cell', { name: '2.50 USD' }).waitFor();

    await page.getByLabel('Summary').fill('A password safe for the whole company.');
    await page
      .getByLabel('Description')
      .fill('# What it does\n\nKeeps passwords.\n\n- one machine\n- backed up\n\n<img src=x onerror=alert(1)>');
    await page.getByRole('button', { name: 'Publish' }).click();
    await page.getByRole('link', { name: 'See it on the storefront' }).click();
    await page.getByRole('heading', { name: 'What it does' }).waitFor();
    expect(await page.getByText('<img src=x onerror=alert(1)>').count()).toBe(1);
    await page.context().close();
  });

  it('takes Globex from the storefront to a machine that answers', PATIENTLY, async () => {
    const page = await newPage();
    await page.goto(market.url);
    await page.getByLabel('Search').fill('password');
    await page.getByRole('link', { name: 'Acme Vault' }).click();
    await page.getByRole('cell', { name: '1.50 USD' }).waitFor();
    await page.getByRole('link', { name: 'Sign in to subscribe' }).click();
    await page.getByRole('link', { name: 'Open an account' }).click();
    await join(page, { name: 'Gus', company: 'Globex', kind: 'run', email: 'buyer@globex.example' });

    await page.getByRole('region', { name: 'Terms' }).getByText('Acme Vault licence: use it well.').waitFor();
    expect(await page.getByRole('button', { name: 'Subscribe' }).isDisabled()).toBe(true);
    await page.getByLabel('I accept these terms').check();
    await page.getByRole('button', { name: 'Subscribe' }).click();
    await page.getByRole('button', { name: 'Launch' }).click();

    const open = page.getByRole('link', { name: 'Open Acme Vault' });
    await open.waitFor(WITHIN);
    const url = (await open.getAttribute('href'))!;
    expect(await (await fetch(url)).text()).toContain('It runs');

    goTo('2026-01-05T10:50:00Z');

    await page.getByRole('link', { name: 'Invoices' }).click();
    await page.getByText('No invoices yet', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Save payment method' }).click();
    await page.getByText(/^Charged to visa/i).waitFor();

    await page.getByRole('link', { name: 'Machines' }).click();
    await page.getByRole('link', { name: 'Acme Vault' }).click();
    await page.getByRole('button', { name: 'Terminate' }).click();
    await page.getByRole('button', { name: 'Terminate machine' }).click();
    await page.getByText('This machine is gone.').waitFor(WITHIN);
    await page.context().close();
  });

  it('shows Globex what it used, ends what it cancels, and sells it again', PATIENTLY, async () => {
    const page = await signedIn('buyer@globex.example', 'Globex');
    await page.goto(`${market.url}/subscriptions`);
    await page.getByRole('link', { name: 'Acme Vault' }).click();
    await page.getByRole('heading', { name: 'Used this month' }).waitFor();
    await appears(page, new URL(page.url()).pathname, () => page.getByRole('row', { name: 'Jan 5, 2026 hours 2' }));
    await page.getByRole('link', { name: 'Subscriptions' }).first().click();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('button', { name: 'Cancel subscription' }).click();
    await page.getByText(/^ended /).waitFor();
    await page.goto(`${market.url}/products/acme-vault`);
    await page.getByLabel('I accept these terms').waitFor();
    await page.context().close();
  });

  it('shows Acme its customer, and a new key exactly once', PATIENTLY, async () => {
    const page = await signedIn('vendor@acme.example', 'Acme');
    await page.getByRole('link', { name: 'Customers' }).click();
    await page.getByRole('link', { name: 'Globex' }).waitFor();

    await page.goto(`${market.url}/account`);
    await page.getByLabel('Name of the key').fill('nightly report');
    await page.getByRole('button', { name: 'Create API key' }).click();
    const key = (await page.getByText(/^slw_\w{20,}$/).textContent())!;
    const me = await fetch(`${market.url}/v1/me`, { headers: { authorization: `Bearer ${key}` } });
    expect(await me.json()).toMatchObject({ organization: { name: 'Acme' } });
    await page.reload();
    await page.getByRole('cell', { name: 'nightly report' }).waitFor();
    expect(await page.getByText(key).count()).toBe(0);
    await page.context().close();
  });

  it('opens a payout account for Acme, at Stripe and back', PATIENTLY, async () => {
    const page = await signedIn('vendor@acme.example', 'Acme');
    await page.getByRole('link', { name: 'Earnings' }).click();
    await page.getByText('Nothing earned yet.').waitFor();
    await page.getByLabel('Country').fill('us');
    await page.getByRole('button', { name: 'Open payout account' }).click();
    await page.getByRole('link', { name: 'Continue at Stripe' }).click();
    await page.getByText(/^Payouts go to acct_/).waitFor(WITHIN);
    await page.context().close();
  });

  it('shows everybody the month in money', PATIENTLY, async () => {
    goTo('2026-02-01T07:00:00Z');

    const globex = await signedIn('buyer@globex.example', 'Globex');
    await appears(globex, '/invoices', (page) => page.getByText('paid', { exact: true }));
    await globex.getByRole('table').getByRole('link').click();
    await globex.getByText('Globex, Jan 1, 2026 – Jan 31, 2026').waitFor();
    await globex.getByRole('row', { name: 'Acme Vault: Running machine sold by Acme 2 2.50 USD per hour 5.00 USD' }).waitFor();

    const acme = await signedIn('vendor@acme.example', 'Acme');
    await appears(acme, '/vendor/earnings', (page) => page.getByRole('cell', { name: '4.00 USD' }).first());
    await acme.getByRole('cell', { name: '1.00 USD' }).waitFor();

    const operator = await newPage();
    await operator.goto(`${market.url}/sign-up`);
    await join(operator, { name: 'Olga', company: 'Olga at home', kind: 'run', email: 'operator@slipway.example' });
    await makeOperator(market.database.ownerUrl, 'operator@slipway.example');
    await operator.goto(`${market.url}/account`);
    await operator.getByRole('combobox', { name: 'Act for' }).click();
    await operator.getByRole('option', { name: /operator/ }).click();
    await operator.getByRole('link', { name: 'Operate' }).click();
    await operator.getByRole('row', { name: 'Sum 0.00 USD' }).waitFor();
    await operator.getByText('Nothing is stuck.').waitFor();
    for (const page of [globex, acme, operator]) await page.context().close();
  });

  it('says why an image was rejected', PATIENTLY, async () => {
    const page = await newcomer({ name: 'Ann', company: 'Acme Two', kind: 'sell', email: 'two@acme.example' });
    await page.getByRole('button', { name: 'New product' }).click();
    await page.getByRole('textbox', { name: 'Name' }).fill('Acme Ghost');
    await page.getByRole('button', { name: 'Create product' }).click();
    await page.getByRole('button', { name: 'Submit a version' }).click();
    const version = page.getByRole('dialog', { name: 'Submit a version' });
    await version.getByRole('textbox', { name: 'Version', exact: true }).fill('1.0.0');
    await version.getByRole('textbox', { name: 'Image', exact: true }).fill('ami-00000000000000000');
    await version.getByRole('button', { name: 'Submit version' }).click();
    await page.getByText('ami-00000000000000000 is not there in us-east-1').waitFor(WITHIN);
    await page.context().close();
  });

  it('keeps what is a company’s own from visitors, and brings them back after they signed in', PATIENTLY, async () => {
    const page = await newPage();
    await page.goto(`${market.url}/machines`);
    await page.getByLabel('E-mail').fill('buyer@globex.example');
    await page.getByLabel('Password').fill('not the password');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('alert').getByText('Invalid email or password').waitFor();
    await page.getByLabel('Password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'Machines' }).waitFor();
    await page.context().close();
  });
});

/** Moves the clock of everybody, the sandbox too. */
function goTo(instant: string): void {
  clock.set(instant);
  market.sandbox.clock.set(clock.now());
}

/** Looks at a page again and again until something is on it. */
async function appears(page: Page, path: string, what: (page: Page) => Locator): Promise<void> {
  await expect
    .poll(
      async () => {
        await page.goto(`${market.url}${path}`);
        await page.getByRole('heading', { level: 1 }).waitFor();
        return what(page)
          .waitFor({ timeout: 1_000 })
          .then(() => true)
          .catch(() => false);
      },
      { timeout: 30_000 },
    )
    .toBe(true);
}

interface Newcomer {
  name: string;
  company: string;
  kind: 'sell' | 'run';
  email: string;
}

const PASSWORD = 'correct horse battery';

async function newcomer(who: Newcomer): Promise<Page> {
  const page = await newPage();
  await page.goto(`${market.url}/sign-up`);
  await join(page, who);
  return page;
}

async function signedIn(email: string, company: string): Promise<Page> {
  const page = await newPage();
  await page.goto(`${market.url}/sign-in`);
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('button', { name: `Account of ${company}` }).waitFor();
  return page;
}

async function join(page: Page, { name, company, kind, email }: Newcomer): Promise<void> {
  await page.getByLabel('Your name').fill(name);
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByLabel('Company').fill(company);
  await page.getByLabel(`We want to ${kind} appliances`).check();
  await page.getByRole('button', { name: 'Open account' }).click();
  await page.getByRole('button', { name: `Account of ${company}` }).waitFor();
}

/** A browser of one's own. What its pages complain about is collected, also what the content security policy refused. */
async function newPage(): Promise<Page> {
  const page = await (await browser.newContext()).newPage();
  page.setDefaultTimeout(15_000);
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) complaints.push(message.text());
  });
  return page;
}
