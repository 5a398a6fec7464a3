/** A real Chromium for specs: the one that npm brought, or the system's own when CHROME_PATH names it. */
import chromiumPackage from '@sparticuz/chromium';
import { chromium, type Browser } from 'playwright-core';

/** The caller closes it. */
export async function openBrowser(): Promise<Browser> {
  const args = [
    '--headless',
    '--disable-gpu',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--disable-dev-shm-usage',
  ];
  // Chromium's sandbox wants an unprivileged user. The pages here are our own.
  if (process.getuid?.() === 0) args.push('--no-sandbox');
  const executablePath = process.env.CHROME_PATH ?? (await chromiumPackage.executablePath());
  return chromium.launch({ executablePath, args, headless: true });
}
