/**
 * Every queue there is, named `app.stage`. The migration makes them, the app of that name works them, and whoever writes the row
 * a stage reads may ring its doorbell. Ordered as work flows.
 */
export const QUEUES = [
  'api.end-subscription',
  'launcher.prepare-image',
  'launcher.share-images',
  'launcher.check-connection',
  'launcher.scan-image',
  'launcher.reconcile-launch',
  'launcher.scale-fleet',
  'launcher.upgrade-fleet',
  'launcher.observe-machines',
  'launcher.reconcile-instance',
  'launcher.reconcile-volume',
  'launcher.take-snapshot',
  'launcher.keep-snapshots',
  'launcher.restore-volume',
  'launcher.plan-restore-test',
  'launcher.test-restore',
  'launcher.upgrade-launch',
  'launcher.prove-machine',
  'launcher.find-strays',
  'metering.keep-days',
  'metering.meter-runtime',
  'metering.watch-heartbeats',
  'metering.roll-up',
  'metering.chain-receipts',
  'billing.open-period',
  'billing.rate-period',
  'billing.rate-late',
  'billing.close-period',
  'billing.bill-late',
  'billing.expire-credit',
  'billing.collect-due',
  'billing.collect-payment',
  'billing.sweep-events',
  'billing.apply-event',
  'billing.dun-buyer',
  'billing.send-refund',
  'billing.release-shares',
  'billing.share-parts',
  'billing.end-reserve',
  'billing.claw-back',
  'billing.pay-out',
  'billing.send-payout',
  'billing.seal-journals',
  'billing.prove-ledger',
  'billing.reconcile-stripe',
] as const;

export type QueueName = (typeof QUEUES)[number];

/** Job settings of a queue; one job waits per row (`short`), a job that hangs is given up after two minutes. */
export const QUEUE_OPTIONS = {
  policy: 'short',
  retryLimit: 0,
  expireInSeconds: 120,
  deleteAfterSeconds: 86_400,
  notify: true,
} as const;
