/** A sample meterer with every mistake that the kit knows, chosen by the first argument. */
import { setTimeout as sleep } from 'node:timers/promises';
import { BatchMeterUsageCommand, MarketplaceMeteringClient, MeterUsageCommand } from '@aws-sdk/client-marketplace-metering';

const { SLIPWAY_PRODUCT_CODE, SLIPWAY_CUSTOMER_AWS_ACCOUNT_ID, SLIPWAY_LICENSE_ARN } = process.env;
const client = new MarketplaceMeteringClient({ maxAttempts: 1 });
const now = new Date();

const MISTAKES: Record<string, () => Promise<unknown>> = {
  /** Reports nothing. */
  silent: () => Promise.resolve(),
  /** Reports every event of its own, in fractions. */
  events: async () => {
    for (const quantity of [1, 2, 1.5]) await meter(quantity).catch(() => undefined);
  },
  /** Takes local time for UTC. */
  local: () => meter(3, new Date(now.getTime() - now.getTimezoneOffset() * 60_000)).catch(() => undefined),
  /** Milliseconds where seconds belong. */
  milliseconds: () => meter(3, new Date(now.getTime() * 1000)).catch(() => undefined),
  /** Usage of this morning, reported as if it were new. */
  stale: () => meter(3, new Date(now.getTime() - 4 * 3_600_000)),
  /** Asks again at once, with a new time and what it counts by then, and takes any failure for one that passes. */
  hasty: async () => {
    for (let count = 0; count < 40; count += 1) {
      try {
        return await meter(5 + Math.min(count, 1), new Date(now.getTime() - 60_000 + count * 1000));
      } catch {
        await sleep(20);
      }
    }
  },
  /** A try every half second. */
  steady: async () => {
    for (let count = 0; count < 20; count += 1) {
      try {
        return await meter(5);
      } catch {
        await sleep(500);
      }
    }
  },
  /** One try, and what was not sent is forgotten. */
  forgetful: () => meter(4).catch(() => undefined),
  /** One token for everything. */
  token: async () => {
    for (const hour of [0, 1])
      await meter(5, new Date(now.getTime() - hour * 3_600_000), 'always-the-same').catch(() => undefined);
  },
  /** 26 records in a call. */
  crowd: () => batch(26).catch(() => undefined),
  /** Throws four hours away for the sake of one. */
  dropping: () => batch(5),
  /** A call that succeeded is taken for success of all in it. */
  trusting: () => batch(4),
  /** Repeats all for the sake of some. */
  wasteful: async () => {
    for (;;) {
      const { UnprocessedRecords = [] } = await batch(4);
      if (UnprocessedRecords.length === 0) return;
    }
  },
  /** Another dimension than those of the product. */
  unknown: () => meter(1, now, undefined, 'unicorns').catch(() => undefined),
};

await MISTAKES[process.argv[2] ?? '']?.();

function meter(quantity: number, at = now, token?: string, dimension = 'users') {
  return client.send(
    new MeterUsageCommand({
      ProductCode: SLIPWAY_PRODUCT_CODE,
      UsageDimension: dimension,
      UsageQuantity: quantity,
      Timestamp: at,
      ClientToken: token,
    }),
  );
}

function batch(hours: number) {
  return client.send(
    new BatchMeterUsageCommand({
      UsageRecords: Array.from({ length: hours }, (_, hour) => ({
        Timestamp: new Date(now.getTime() - (hour % 20) * 3_600_000),
        CustomerAWSAccountId: SLIPWAY_CUSTOMER_AWS_ACCOUNT_ID,
        LicenseArn: SLIPWAY_LICENSE_ARN,
        Dimension: 'users',
        Quantity: 10,
      })),
    }),
  );
}
