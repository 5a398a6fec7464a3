/**
 * A sample meterer that does it right. As a machine it reports one dimension for this hour, as a vendor five hours of a customer:
 * kept on disk until confirmed, repeated in the same words, with growing waits, every status read.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  BatchMeterUsageCommand,
  MarketplaceMeteringClient,
  MeterUsageCommand,
  type UsageRecord,
} from '@aws-sdk/client-marketplace-metering';

const { SLIPWAY_PRODUCT_CODE, SLIPWAY_CUSTOMER_AWS_ACCOUNT_ID, SLIPWAY_LICENSE_ARN, SLIPWAY_SCENARIO_DIR = '.' } = process.env;
const HOUR_MS = 3_600_000;
const client = new MarketplaceMeteringClient();
const now = new Date();
let refusals = 0;

if (process.argv[2] === 'vendor') await asVendor();
else await asMachine();
process.exitCode = refusals > 0 ? 1 : 0;

async function asMachine(): Promise<void> {
  const report = kept({
    ProductCode: SLIPWAY_PRODUCT_CODE,
    UsageDimension: 'users',
    UsageQuantity: 7,
    Timestamp: now,
    ClientToken: crypto.randomUUID(),
  });
  await patiently(() => client.send(new MeterUsageCommand({ ...report, Timestamp: new Date(report.Timestamp) })));
}

async function asVendor(): Promise<void> {
  let records: UsageRecord[] = kept(
    Array.from({ length: 5 }, (_, hour) => ({
      Timestamp: new Date(now.getTime() - hour * HOUR_MS),
      CustomerAWSAccountId: SLIPWAY_CUSTOMER_AWS_ACCOUNT_ID,
      LicenseArn: SLIPWAY_LICENSE_ARN,
      Dimension: 'users',
      Quantity: 10 + hour,
    })),
  ).map((record) => ({ ...record, Timestamp: new Date(record.Timestamp) }));
  while (records.length > 0) {
    const answer = await patiently(() => client.send(new BatchMeterUsageCommand({ UsageRecords: records })));
    for (const { Status, UsageRecord: record } of answer?.Results ?? [])
      if (Status !== 'Success') refuse(`${Status}: ${record?.Dimension}`);
    // A batch that was refused as a whole may hold one bad record: the oldest first.
    if (!answer) records = records.length > 1 ? records.slice(0, -1) : [];
    else records = answer.UnprocessedRecords ?? [];
  }
}

/** The same report in every run until it is confirmed. */
function kept<T>(report: T): T {
  const file = join(SLIPWAY_SCENARIO_DIR, 'report.json');
  if (!existsSync(file)) writeFileSync(file, JSON.stringify(report));
  return JSON.parse(readFileSync(file, 'utf8')) as T;
}

/** Tries until there is an answer; undefined when it is a refusal for good. */
async function patiently<T>(call: () => Promise<T>): Promise<T | undefined> {
  for (let waitMs = 100; ; waitMs *= 2) {
    try {
      return await call();
    } catch (error) {
      const { name, $fault } = error as { name: string; $fault?: string };
      if ($fault === 'client' && name !== 'ThrottlingException') {
        refuse(name);
        return undefined;
      }
      await sleep(waitMs / 2 + (Math.random() * waitMs) / 2);
    }
  }
}

function refuse(why: string): void {
  refusals += 1;
  console.error(why);
}
