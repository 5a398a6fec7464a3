/** What both sides see in the portal of a machine that says nothing, and how they put usage right. A real browser, real apps. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Account } from '#testing/account.ts';
import { openBrowser } from '#testing/browser.ts';
import { TestClock } from '#testing/clock.ts';
import {
  ACME,
  GLOBEX,
  imagesReady,
  launchIs,
  listVault,
  submitVault,
  subscribe,
  VAULT,
  type Launch,
} from '../../story/market.ts';
import { buildPortal, startMarketplace, type Marketplace } from './testing.ts';

const PATIENTLY = { timeout: 90_000 };
const PASSWORD = 'correct horse battery';

const clock = new TestClock('2026-01-05T09:20:00Z');
let market: Marketplace;
let browser: Browser;

beforeAll(async () => {
  await buildPortal();
  [market, browser] = await Promise.all([startMarketplace(clock), openBrowser()]);
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await market?.close();
});

async function signedIn(email: string, company: string): Promise<Page> {
  const page = await (await browser.newContext()).newPage();
  page.setDefaultTimeout(20_000);
  await page.goto(`${market.url}/sign-in`);
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('button', { name: `Account of ${company}` }).waitFor();
  return page;
}

describe('the portal', () => {
  it('shows Globex and Acme a machine that reports nothing, and takes a correction through both', PATIENTLY, async () => {
    const vendor = await Account.open(market.url, { ...ACME, password: PASSWORD });
    const buyer = await Account.open(market.url, { ...GLOBEX, password: PASSWORD });
    const vault = await submitVault(vendor, market.sandbox.appliancePort);
    await imagesReady(vendor, vault);
    await listVault(vendor, vault);
    const subscription = await subscribe(buyer, VAULT.slug);
    const asked = { subscriptionId: subscription.id, region: VAULT.regions[0], instanceType: 't3.micro' };
    const launch = await launchIs(buyer, (await buyer.post<Launch>('/v1/launches', asked)).id, 'healthy');
    clock.set('2026-01-05T12:00:00Z');
    market.sandbox.clock.set(clock.now());
    await expect.poll(async () => (await buyer.get<{ items: unknown[] }>('/v1/silences')).items.length, PATIENTLY).toBe(1);

    const globex = await signedIn(GLOBEX.email, 'Globex');
    await globex.goto(`${market.url}/machines/${launch.id}`);
    await globex.getByText(/^silent since .*; not counted as zero$/).waitFor();

    const acme = await signedIn(ACME.email, 'Acme');
    await acme.goto(`${market.url}/vendor/customers`);
    const silent = acme.getByRole('region', { name: 'Silent machines' });
    await silent.getByRole('cell', { name: launch.ec2InstanceId! }).waitFor();
    await silent.getByRole('link', { name: 'Globex' }).click();

    await acme.getByRole('button', { name: 'Propose a correction' }).click();
    const form = acme.getByRole('dialog', { name: 'Propose a correction' });
    await form.getByLabel('Hour').fill('2026-01-05T10:00');
    await form.getByLabel('Dimension').fill(VAULT.dimension);
    await form.getByLabel('Change').fill('4');
    await form.getByLabel('Reason').fill('Read from the log of the silent machine.');
    await form.getByRole('button', { name: 'Propose correction' }).click();
    await acme.getByRole('cell', { name: '+4' }).waitFor();

    await globex.goto(`${market.url}/subscriptions/${subscription.id}`);
    await globex.getByRole('cell', { name: 'Jan 5, 2026 10:00 UTC' }).waitFor();
    await globex.getByRole('button', { name: 'Approve' }).click();
    await globex.getByRole('region', { name: 'Corrections' }).getByText('approved').waitFor();
    for (const page of [acme, globex]) await page.context().close();
  });
});
