/**
 * Subscriptions in sixteen buckets, by the last hex digit of their ids, which is random. Stages that go over many subscriptions take a
 * bucket at a time: few jobs however many subscriptions, and as many workers side by side as there are buckets.
 */
export const BUCKETS: readonly string[] = [...'0123456789abcdef'];

/** In SQL: `right(subscription_id::text, 1)`. */
export const bucketOf = (subscriptionId: string): string => subscriptionId.slice(-1).toLowerCase();
