/** How many signatures one core checks in a second: read, derived from a kept key, and compared, as for each request on the wire. */
import { hash } from 'node:crypto';
import { isSignedWith, readSignature, signingKey } from '../../apps/metering/src/wire/sigv4.ts';
import type { Row } from '../harness.ts';
import { signedRequest } from './wire-load.ts';

const SECONDS = 3;
const KEY = { accessKeyId: 'AKIASIGNATURES000000', secretAccessKey: 'a secret that only the benchmark uses' };

export function signature(): Row {
  const [head, body = ''] = signedRequest(
    4020,
    'MeterUsage',
    {
      ProductCode: 'a'.repeat(25),
      Timestamp: 1_767_600_000,
      UsageDimension: 'users',
      UsageQuantity: 7,
      ClientToken: 'c'.repeat(36),
    },
    KEY,
  )
    .toString()
    .split('\r\n\r\n');
  const rawHeaders = head!
    .split('\r\n')
    .slice(1)
    .flatMap((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]);
  const request = { method: 'POST', url: '/', rawHeaders, body: Buffer.from(body) };
  const expected = { now: new Date(), skewSeconds: 900, service: 'aws-marketplace', regions: ['us-east-1'] };
  const key = signingKey(KEY.secretAccessKey, readSignature(request, expected));
  const check = (): void => {
    if (!isSignedWith(key, readSignature(request, expected))) throw new Error('A good signature was refused.');
  };
  // What the check cannot do without: the body and the canonical request hashed, and two blocks more for the HMAC.
  const canonical = 'x'.repeat(500);
  const bare = (): void => {
    hash('sha256', request.body);
    hash('sha256', canonical);
    hash('sha256', canonical.slice(0, 100));
    hash('sha256', canonical.slice(0, 96));
  };
  const perSecond = (work: () => void): number => {
    const started = performance.now();
    let count = 0;
    while (performance.now() - started < SECONDS * 1000) for (let times = 0; times < 1000; times += 1, count += 1) work();
    return count / ((performance.now() - started) / 1000);
  };
  perSecond(check);
  const measured = perSecond(check);
  console.log(`  signatures: ${Math.round(measured)} checks per second and core; the bare hashes ${Math.round(perSecond(bare))}`);
  return { name: 'metering.signature', limit: 100_000, measured, goal: 1, goalIs: 'at least', unit: 'checks/s and core' };
}
