/** How a vendor says in the portal what subscribers are entitled to, and finds and rotates its product's public key. A real browser, real apps. */
import { createPublicKey } from 'node:crypto';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Account } from '#testing/account.ts';
import { openBrowser } from '#testing/browser.ts';
import { TestClock } from '#testing/clock.ts';
import { buildPortal, startMarketplace, type Marketplace } from './testing.ts';

const PATIENTLY = { timeout: 60_000 };
const ACME = { name: 'Acme', email: 'vendor@acme.example', password: 'correct horse battery', kind: 'vendor' } as const;

let market: Marketplace;
let browser: Browser;
let acme: Account;
let productId: string;

beforeAll(async () => {
  await buildPortal();
  [market, browser] = await Promise.all([startMarketplace(new TestClock('2026-01-05T09:20:00Z')), openBrowser()]);
  acme = await Account.open(market.url, ACME);
  productId = (await acme.post<{ id: string }>('/v1/products', { name: 'Acme Vault' })).id;
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await market?.close();
});

async function productPage(): Promise<Page> {
  const page = await (await browser.newContext()).newPage();
  page.setDefaultTimeout(20_000);
  await page.goto(`${market.url}/sign-in`);
  await page.getByLabel('E-mail').fill(ACME.email);
  await page.getByLabel('Password').fill(ACME.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('button', { name: 'Account of Acme' }).waitFor();
  await page.goto(`${market.url}/vendor/products/${productId}`);
  return page;
}

describe('the portal', () => {
  it('takes what subscribers are entitled to, says what is wrong where it stands, and shows it', PATIENTLY, async () => {
    const page = await productPage();
    await page.getByRole('button', { name: 'Set a price' }).click();
    const form = page.getByRole('dialog', { name: 'Price and terms' });
    await form.getByLabel('Price per hour').fill('2.5');
    await form.getByLabel('Terms').fill('Use it well.');
    await form.getByRole('button', { name: 'Entitle to something' }).click();
    await form.getByLabel('Entitled to').fill('seats');
    await form.getByLabel('Value').fill('many');
    await form.getByRole('button', { name: 'Entitle to something' }).click();
    await form.getByLabel('Entitled to').last().fill('audit');
    await form.getByRole('combobox', { name: 'Kind' }).last().click();
    await page.getByRole('option', { name: 'Yes or no' }).click();
    await form.getByRole('button', { name: 'Set price' }).click();
    await form.getByText(/^Invalid input: expected (int|number)/).waitFor();
    await form.getByLabel('Value').first().fill('1500');
    await form.getByRole('button', { name: 'Set price' }).click();

    const included = page.getByRole('table', { name: 'Included' });
    await included.getByRole('row', { name: 'seats 1,500' }).waitFor();
    await included.getByRole('row', { name: 'audit yes' }).waitFor();
    expect(await acme.get(`/v1/products/${productId}/offer`)).toMatchObject({
      entitlements: [
        { dimension: 'audit', booleanValue: true },
        { dimension: 'seats', integerValue: 1500 },
      ],
    });

    await page.getByRole('button', { name: 'Change price' }).click();
    expect(await form.getByLabel('Entitled to').last().inputValue()).toBe('seats');
    expect(await form.getByLabel('Value').last().inputValue()).toBe('1500');
  });

  it("shows a product's public keys, and makes a new one", PATIENTLY, async () => {
    const page = await productPage();
    const keys = page.getByRole('region', { name: 'Public keys' });
    await keys.getByText('Public key, version 1').waitFor();
    const shown = await keys.locator('code').first().innerText();
    expect(createPublicKey(shown).asymmetricKeyType).toBe('rsa');
    await keys.getByRole('button', { name: 'Rotate' }).click();
    await page.getByRole('button', { name: 'Make new key' }).click();
    await keys.getByText('Public key, version 2').waitFor();
    await keys.getByText(/^Made .*, replaced /).waitFor();
  });
});
