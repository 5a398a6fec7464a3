/** Stripe takes so many requests a second of an endpoint (docs.stripe.com/rate-limits): calls wait for their turn here rather than be refused there. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Stripe } from 'stripe';
import { fullBucket, takeToken, type Bucket } from '#domain/throttle.ts';

/** @param perSecond of each endpoint, in this process */
export function pacedClient(perSecond: number): Stripe.HttpClient {
  const client = Stripe.createNodeHttpClient();
  const buckets = new Map<string, Bucket>();
  const rate = { perSecond, burst: perSecond };
  const turn = async (endpoint: string): Promise<void> => {
    const bucket = buckets.get(endpoint) ?? fullBucket(rate, performance.now());
    buckets.set(endpoint, bucket);
    while (!takeToken(bucket, rate, performance.now())) await sleep(Math.ceil(((1 - bucket.tokens) * 1000) / perSecond));
  };
  const send = client.makeRequest.bind(client);
  client.makeRequest = async (...request) => {
    const [, , path, method] = request;
    await turn(endpointOf(method, path));
    return send(...request);
  };
  return client;
}

/** `POST /v1/refunds/:id`: ids and queries do not make another endpoint. */
const endpointOf = (method: string, path: string): string =>
  `${method} ${path.replace(/\?.*/, '').replaceAll(/\/[a-z]+_[^/]+(?=\/|$)/g, (part) => (/\d/.test(part) ? '/:id' : part))}`;
