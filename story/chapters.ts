/** The chapters of the story, in the order in which money flows. Every amount is asserted to the cent. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { BatchMeterUsageCommand, MarketplaceMeteringClient, MeterUsageCommand } from '@aws-sdk/client-marketplace-metering';
import { Account } from '#testing/account.ts';
import type { Book } from './book.ts';
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
  until,
  VAULT,
  type Launch,
  type Listing,
  type Subscription,
  type Vault,
} from './market.ts';
import { collectAndPayOut } from './money-chapters.ts';
import type { World } from './world.ts';

const PASSWORD = 'a story has no secrets';
const PATIENCE_MS = 30_000;

export async function tell(world: World, book: Book): Promise<void> {
  book.say(
    '# A month of Slipway\n\n`npm run story` plays this month in seconds, on real processes: PostgreSQL, the four apps, and a sandbox that answers the AWS and Stripe SDKs over HTTP. Every amount below was asserted to the cent while it happened.',
  );
  const vendor = await Account.open(world.stack.url('api'), { ...ACME, password: PASSWORD }, PATIENCE_MS);
  const vault = await publish(world, book, vendor);
  const buyer = await Account.open(world.stack.url('api'), { ...GLOBEX, password: PASSWORD }, PATIENCE_MS);
  const subscription = await accept(world, book, buyer);
  const launch = await run(world, book, buyer, subscription);
  await meter(world, book, vendor, vault, subscription, launch);
  await terminate(world, book, buyer, launch);
  await collectAndPayOut(world, book, vendor, buyer);
}

async function publish(world: World, book: Book, vendor: Account): Promise<Omit<Vault, 'slug'>> {
  book.chapter('Publish');
  book.say(
    `5 January 2026. ${ACME.name} signs up as a vendor and submits the image of ${VAULT.name} for ${VAULT.regions.join(' and ')}.`,
    'Slipway copies it to each region, checks it, and boots it once to see that it answers.',
  );
  world.scene();
  const vault = await submitVault(vendor, world.stack.settings.SANDBOX_APPLIANCE_PORT);
  await imagesReady(vendor, vault);
  book.rows(
    'launcher.image',
    await world.sql(`select region, state, (select count(*) from jsonb_array_elements(checks) c where c->>'result' = 'PASS')::int as "checks passed",
      (select count(*) from jsonb_array_elements(checks) c where c->>'result' = 'FAIL')::int as "checks failed", ready_at is not null as "ready to sell" from launcher.image order by region desc`),
  );
  await listVault(vendor, vault);
  await openPayoutAccount(vendor);
  book.say('It has a price for each hour a machine runs and one for each active user, and is on the storefront.');
  book.rows(
    'api.price',
    await world.sql(`select price.model, price.dimension, price.unit, trim_scale(price.rate)::text as rate, offer.currency from api.price
      join api.price_version on price_version.id = price.price_version_id join api.offer on offer.id = price_version.offer_id order by price.model`),
  );
  return vault;
}

async function accept(world: World, book: Book, buyer: Account): Promise<Subscription> {
  book.chapter('Subscribe');
  const listing = await buyer.get<Listing>(`/v1/listings/${VAULT.slug}`);
  assert.equal(listing.offer.terms, VAULT.terms);
  const subscription = await subscribe(buyer, VAULT.slug);
  const accepted = createHash('sha256').update(VAULT.terms).digest('hex');
  assert.equal(subscription.termsSha256, accepted, 'the terms that were shown are the terms that were accepted');
  book.say(
    `${GLOBEX.name} reads the terms on the storefront and accepts them. The text's hash and the price version are kept with the agreement, and a card is on file.`,
  );
  await buyer.put('/v1/payment-method', { paymentMethodId: 'pm_card_visa' });
  book.rows(
    'api.subscription',
    await world.sql(`select buyer.name as buyer, vendor.name as vendor, product.name as product, left(subscription.terms_sha256, 12) as "terms (sha-256)", subscription.currency,
        subscription.ended_at is null as active from api.subscription join api.organization buyer on buyer.id = subscription.buyer_id
        join api.organization vendor on vendor.id = subscription.vendor_id join api.product on product.id = subscription.product_id`),
  );
  return subscription;
}

async function run(world: World, book: Book, buyer: Account, { id: subscriptionId }: Subscription): Promise<Launch> {
  book.chapter('Launch');
  world.scene();
  const accepted = await buyer.post<Launch>('/v1/launches', {
    subscriptionId,
    region: VAULT.regions[0],
    instanceType: 't3.micro',
  });
  const launch = await launchIs(buyer, accepted.id, 'healthy');
  const page = await until('the appliance to answer', async () => (await fetch(launch.url!)).text());
  assert.ok(page.includes(launch.ec2InstanceId!), 'the URL leads to the machine that was launched');
  const machines = await world.control<Array<{ tags: Record<string, string> }>>('GET', '/instances');
  assert.equal(machines.filter((machine) => machine.tags['slipway:launch']).length, 1, 'one launch, one machine');
  book.say(
    `${GLOBEX.name} launches a t3.micro in ${VAULT.regions[0]} and watches it come up: accepted, pending, running, healthy. It is handed a URL, and the appliance answers there.`,
  );
  book.rows(
    'launcher.instance',
    await world.sql(
      `select state, region, instance_type as type, url is not null as "has URL", to_char(launched_at at time zone 'UTC', 'YYYY-MM-DD HH24:"00"') as "hour of launch" from launcher.instance`,
    ),
  );
  return launch;
}

async function meter(
  world: World,
  book: Book,
  vendor: Account,
  { productCode }: Pick<Vault, 'productCode'>,
  subscription: Subscription,
  launch: Launch,
): Promise<void> {
  book.chapter('Meter');
  const region = VAULT.regions[0];
  const endpoint = world.stack.url('metering');
  const imds = `${world.stack.sandboxUrls.ec2}/imds/${launch.ec2InstanceId}`;
  const credentials = await until('credentials for the machine', () =>
    proveIdentity(imds, endpoint, 'the-nonce-this-machine-made'),
  );
  const machine = new MarketplaceMeteringClient({ region, endpoint, credentials, maxAttempts: 10 });
  await world.moveTo('2026-01-05T10:20:00Z');
  const report = (UsageQuantity: number): MeterUsageCommand =>
    new MeterUsageCommand({
      ProductCode: productCode,
      UsageDimension: VAULT.dimension,
      Timestamp: new Date('2026-01-05T10:10:00Z'),
      UsageQuantity,
    });
  world.scene();
  const first = await patiently(() => machine.send(report(7)));
  const again = await patiently(() => machine.send(report(7)));
  assert.equal(again.MeteringRecordId, first.MeteringRecordId, 'a repeat is the same record');
  await assert.rejects(
    patiently(() => machine.send(report(8))),
    { name: 'DuplicateRequestException' },
  );
  book.say(
    'The program on the machine shows its identity document, signed by EC2, and gets credentials that last a few hours.',
    'With these and the unmodified AWS SDK it reports 7 users for the hour from 10:00.',
    'The same report again is the same record; another quantity for that hour is refused.',
  );

  await world.moveTo('2026-01-07T15:40:00Z');
  const key = await vendor.post<{ accessKeyId: string; secretAccessKey: string }>('/v1/vendor-keys');
  const office = new MarketplaceMeteringClient({ region, endpoint, credentials: key, maxAttempts: 10 });
  const batch = new BatchMeterUsageCommand({
    UsageRecords: [
      {
        Timestamp: new Date('2026-01-07T14:30:00Z'),
        CustomerAWSAccountId: GLOBEX.awsAccountId,
        LicenseArn: subscription.licenseArn,
        Dimension: VAULT.dimension,
        Quantity: 11,
      },
      {
        Timestamp: new Date('2026-01-07T15:30:00Z'),
        CustomerAWSAccountId: GLOBEX.awsAccountId,
        LicenseArn: subscription.licenseArn,
        Dimension: VAULT.dimension,
        Quantity: 5,
      },
    ],
  });
  const { Results } = await patiently(() => office.send(batch));
  assert.deepEqual(
    Results?.map((result) => result.Status),
    ['Success', 'Success'],
  );
  book.say(`Two days later ${ACME.name} reports 11 and 5 users for two hours from its own systems, with its access key.`);
  book.rows(
    'metering.usage_record (reported)',
    await world.meteringSql(`select to_char(hour at time zone 'UTC', 'YYYY-MM-DD HH24:MI') as hour, dimension, quantity, case when signed_by like 'ASIA%' then 'the machine' else 'the vendor' end as "signed by"
      from metering.usage_record where dimension <> 'hours' order by usage_record.hour`),
  );
}

async function terminate(world: World, book: Book, buyer: Account, { id }: Launch): Promise<void> {
  book.chapter('Stop');
  await world.moveTo('2026-01-20T18:30:00Z');
  await buyer.delete(`/v1/launches/${id}`);
  await launchIs(buyer, id, 'terminated');
  await world.moveTo('2026-02-01T06:10:00Z');
  // 5 January 09:00 to 20 January 18:00: fifteen days and ten hours begun.
  const hours = 15 * 24 + 10;
  await until('all hours to be counted', async () => {
    const [row] = await world.meteringSql<{ hours: string | null }>(
      `select sum(quantity) as hours from metering.usage_rollup where dimension = 'hours'`,
    );
    return row?.hours === String(hours) ? true : undefined;
  });
  book.say(`On 20 January ${GLOBEX.name} terminates the machine. Slipway itself counted its hours: ${hours} begun.`);
  book.rows(
    'metering.usage_rollup, summed',
    await world.meteringSql(
      `select dimension, sum(quantity)::text as quantity, sum(records)::text as records from metering.usage_rollup group by dimension order by dimension`,
    ),
  );
}

/** The SDK repeats what gets lost a few times; a process that is starting again may need longer. Refusals are final. */
export async function patiently<T>(send: () => Promise<T>): Promise<T> {
  return until('metering to answer', () =>
    send().catch((error: { $fault?: string; $metadata?: { httpStatusCode?: number }; code?: string }) => {
      if (error.$fault === 'client' && (error.$metadata?.httpStatusCode ?? 500) < 500) throw error;
      if (error.$fault === undefined && !error.code && !error.$metadata) throw error;
      return undefined as T | undefined;
    }),
  );
}
