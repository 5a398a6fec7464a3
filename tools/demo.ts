/** The seeded marketplace of `npm start`, and its machine-readable twin `.slipway/demo.json`. */
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Account } from '#testing/account.ts';
import {
  ACME,
  GLOBEX,
  imagesReady,
  launchIs,
  listVault,
  openPayoutAccount,
  proveIdentity,
  submitVault,
  subscribe,
  VAULT,
  type InstanceCredentials,
  type Launch,
  type Subscription,
} from '../story/market.ts';
import { openConformance, SEATS, type Conformance } from './conformance.ts';
import { openPostgres } from './demo-postgres.ts';
import { makeOperator } from './operators.ts';
import { sendPrices } from './price-lists.ts';
import type { Stack } from './stack.ts';

const PASSWORD = 'slipway-demo';
const OPERATOR_EMAIL = 'operator@slipway.example';

interface Login {
  email: string;
  password: string;
}

export interface Demo {
  portal: string;
  api: string;
  launcher: string;
  metering: string;
  billing: string;
  sandbox: { ec2: string; sts: string; stripe: string; control: string };
  database: string;
  logins: { vendor: Login; buyer: Login; operator: Login };
  vendor: {
    accessKeyId: string;
    secretAccessKey: string;
    region: string;
    productCode: string;
    dimensions: string[];
    customerIdentifier: string;
    customerAwsAccountId: string;
    licenseArn: string;
    registrationToken: string;
    apiKey: string;
  };
  instance: InstanceCredentials & { region: string; productCode: string; dimension: string; instanceId: string };
  buyer: { apiKey: string };
  operator: { apiKey: string };
  /** For other people's metering clients; made anew by each start. */
  conformance: Conformance;
}

/** Makes what is missing of the demo; a second start finds the first one's companies, product and machine. */
export async function openDemo(stack: Stack): Promise<Demo> {
  const appliancePort = stack.settings.SANDBOX_APPLIANCE_PORT;
  const url = stack.url('api');
  const keys = new Keys(stack.folder);
  const [vendor, buyer] = await Promise.all([
    Account.open(url, { ...ACME, password: PASSWORD }),
    Account.open(url, { ...GLOBEX, password: PASSWORD }),
  ]);
  const operatorKey = await keys.apiKey(await openOperator(stack), 'operator');
  await openPrices(url, operatorKey);
  const [vault] = await Promise.all([
    openVault(vendor, appliancePort),
    openPostgres(vendor, appliancePort),
    openPayoutAccount(vendor),
    buyer.put('/v1/payment-method', { paymentMethodId: 'pm_card_visa' }),
  ]);
  const vendorKey = await keys.vendorKey(vendor);
  const [{ subscription, launch }, conformance] = await Promise.all([
    openMachine(buyer),
    openConformance(stack, { password: PASSWORD, vendor, vault, seller: vendorKey }),
  ]);
  const instance = await proveIdentity(
    `${stack.sandboxUrls.ec2}/imds/${launch.ec2InstanceId}`,
    stack.url('metering'),
    keys.nonce(),
  );
  const { registrationToken } = await buyer.post<{ registrationToken: string }>(
    `/v1/subscriptions/${subscription.id}/registration-tokens`,
  );
  const region = VAULT.regions[0];
  return {
    portal: stack.publicUrl,
    api: stack.publicUrl,
    launcher: stack.url('launcher'),
    metering: stack.url('metering'),
    billing: stack.url('billing'),
    sandbox: stack.sandboxUrls,
    database: stack.databaseUrl,
    logins: {
      vendor: { email: ACME.email, password: PASSWORD },
      buyer: { email: GLOBEX.email, password: PASSWORD },
      operator: { email: OPERATOR_EMAIL, password: PASSWORD },
    },
    vendor: {
      ...vendorKey,
      region,
      productCode: vault.productCode,
      dimensions: [VAULT.dimension],
      customerIdentifier: subscription.customerIdentifier,
      customerAwsAccountId: GLOBEX.awsAccountId!,
      licenseArn: subscription.licenseArn,
      registrationToken,
      apiKey: await keys.apiKey(vendor, 'vendor'),
    },
    instance: {
      ...instance,
      region,
      productCode: vault.productCode,
      dimension: VAULT.dimension,
      instanceId: launch.ec2InstanceId!,
    },
    buyer: { apiKey: await keys.apiKey(buyer, 'buyer') },
    operator: { apiKey: operatorKey },
    conformance,
  };
}

async function openOperator(stack: Stack): Promise<Account> {
  const url = stack.url('api');
  const signUp = { name: 'Marketplace operator', email: OPERATOR_EMAIL, password: PASSWORD };
  await fetch(`${url}/v1/auth/sign-up/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: url },
    body: JSON.stringify(signUp),
  });
  await makeOperator(stack.databaseUrl, OPERATOR_EMAIL);
  return Account.signIn(url, OPERATOR_EMAIL, PASSWORD);
}

/** Sample prices of AWS, marked as such, for estimates and costs; an operator's own are left alone. */
async function openPrices(url: string, apiKey: string): Promise<void> {
  const answer = await fetch(`${url}/v1/infrastructure-prices?limit=1`, { headers: { authorization: `Bearer ${apiKey}` } });
  const { items } = (await answer.json()) as { items: unknown[] };
  if (items.length === 0) await sendPrices(url, apiKey, readFileSync(join(import.meta.dirname, 'sample-prices.csv'), 'utf8'));
}

async function openVault(vendor: Account, appliancePort: number): Promise<{ productId: string; productCode: string }> {
  const vault = await submitVault(vendor, appliancePort);
  const product = await vendor.get<{ state: string }>(`/v1/products/${vault.productId}`);
  if (product.state === 'public') return vault;
  await imagesReady(vendor, vault);
  await listVault(vendor, { ...vault, entitlements: [SEATS] });
  return vault;
}

/** A subscription with a machine that runs in the first region. */
async function openMachine(buyer: Account): Promise<{ subscription: Subscription; launch: Launch }> {
  const subscription = await subscribe(buyer, VAULT.slug);
  const subscriptionId = subscription.id;
  const { items } = await buyer.get<{ items: Launch[] }>('/v1/launches');
  const running = items.find(
    (launch) =>
      launch.subscriptionId === subscriptionId &&
      launch.desired === 'running' &&
      launch.state !== 'failed' &&
      launch.state !== 'terminated',
  );
  const launch =
    running ?? (await buyer.post<Launch>('/v1/launches', { subscriptionId, region: VAULT.regions[0], instanceType: 't3.micro' }));
  return { subscription, launch: await launchIs(buyer, launch.id, 'healthy') };
}

interface AccessKey {
  accessKeyId: string;
  secretAccessKey: string;
}

/** What Slipway tells only once, kept so that a later start hands out the same. */
class Keys {
  private readonly file: string;
  private kept: { nonce?: string; vendorKey?: AccessKey; apiKeys: Record<string, string> };

  constructor(folder: string) {
    this.file = join(folder, 'demo-keys.json');
    this.kept = existsSync(this.file) ? (JSON.parse(readFileSync(this.file, 'utf8')) as typeof this.kept) : { apiKeys: {} };
  }

  /** The machine's nonce: the first one it shows is the only one that is accepted after. */
  nonce(): string {
    if (!this.kept.nonce) this.keep({ nonce: randomBytes(16).toString('hex') });
    return this.kept.nonce!;
  }

  async vendorKey(vendor: Account): Promise<AccessKey> {
    const { items } = await vendor.get<{ items: Array<{ accessKeyId: string; revokedAt: string | null }> }>('/v1/vendor-keys');
    const kept = this.kept.vendorKey;
    if (kept && items.some((key) => key.accessKeyId === kept.accessKeyId && !key.revokedAt)) return kept;
    const made = await vendor.post<AccessKey>('/v1/vendor-keys');
    this.keep({ vendorKey: made });
    return made;
  }

  async apiKey(account: Account, whose: 'vendor' | 'buyer' | 'operator'): Promise<string> {
    const kept = this.kept.apiKeys[whose];
    if (kept && (await fetch(`${account.url}/v1/me`, { headers: { authorization: `Bearer ${kept}` } })).ok) return kept;
    const made = await account.post<{ key: string }>('/v1/auth/api-key/create', {
      name: 'demo',
      organizationId: account.organizationId,
    });
    this.keep({ apiKeys: { ...this.kept.apiKeys, [whose]: made.key } });
    return made.key;
  }

  private keep(more: Partial<typeof this.kept>): void {
    this.kept = { ...this.kept, ...more };
    writeFileSync(this.file, JSON.stringify(this.kept, null, 2), { mode: 0o600 });
  }
}

/** @param file where the table's machine-readable twin is. */
export function printDemo(demo: Demo, file: string, say: (line: string) => void): void {
  const rows = [
    ['Portal and API', demo.portal],
    ['  vendor Acme', `${demo.logins.vendor.email}  ${demo.logins.vendor.password}`],
    ['  buyer Globex', `${demo.logins.buyer.email}  ${demo.logins.buyer.password}`],
    ['  operator', `${demo.logins.operator.email}  ${demo.logins.operator.password}`],
    ['Metering (AWS wire)', demo.metering],
    ['Launcher, billing', `${demo.launcher}  ${demo.billing}`],
    ['Sandbox EC2 and STS', demo.sandbox.ec2],
    ['Sandbox Stripe', demo.sandbox.stripe],
    ['Sandbox control', demo.sandbox.control],
    ['PostgreSQL', demo.database],
  ] as const;
  const width = Math.max(...rows.map(([name]) => name.length));
  say('');
  for (const [name, value] of rows) say(`  ${name.padEnd(width)}   ${value}`);
  say(`\n  All of this, with access keys, for scripts and SDK clients: ${file}`);
}
