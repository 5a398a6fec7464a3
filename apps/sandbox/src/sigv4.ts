/**
 * AWS Signature Version 4, the verifier's half, written from AWS's description of it and on nothing of ours: two independent
 * implementations that agree are worth more than one that agrees with itself.
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

export interface HttpRequest {
  method: string;
  /** Path and query as they were sent. */
  url: string;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
}

export interface Signature {
  accessKeyId: string;
  /** YYYYMMDD. */
  date: string;
  region: string;
  service: string;
  signedHeaders: string[];
  hex: string;
  /** When the caller signed; NaN when the header is missing or malformed. */
  signedAt: number;
  amzDate: string;
}

const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 +Credential=([^/,\s]+)\/(\d{8})\/([^/,\s]+)\/([^/,\s]+)\/aws4_request, *SignedHeaders=([^,\s]+), *Signature=([0-9a-f]{64})$/;

/** What the Authorization header says; undefined when it is not one of Signature Version 4. */
export function readSignature({ headers }: Pick<HttpRequest, 'headers'>): Signature | undefined {
  const match = AUTHORIZATION.exec(one(headers.authorization));
  if (!match) return undefined;
  const [, accessKeyId = '', date = '', region = '', service = '', signed = '', hex = ''] = match;
  const amzDate = one(headers['x-amz-date']);
  return { accessKeyId, date, region, service, signedHeaders: signed.split(';'), hex, amzDate, signedAt: instantOf(amzDate) };
}

/** True when `secret` made this signature over this request, and the headers that matter are under it. */
export function isSignedWith(secret: string, signature: Signature, request: HttpRequest): boolean {
  const needed = ['host', 'x-amz-date', ...(request.headers['x-amz-security-token'] ? ['x-amz-security-token'] : [])];
  if (!needed.every((name) => signature.signedHeaders.includes(name))) return false;
  if (!signature.amzDate.startsWith(signature.date)) return false;
  const { date, region, service } = signature;
  const toSign = [
    'AWS4-HMAC-SHA256',
    signature.amzDate,
    `${date}/${region}/${service}/aws4_request`,
    sha256(canonical(request, signature)),
  ];
  const key = [date, region, service, 'aws4_request'].reduce<Buffer>(
    (last, part) => hmac(last, part),
    Buffer.from(`AWS4${secret}`),
  );
  return timingSafeEqual(hmac(key, toSign.join('\n')), Buffer.from(signature.hex, 'hex'));
}

function canonical({ method, url, headers, body }: HttpRequest, { signedHeaders }: Signature): string {
  const [path = '/', query = ''] = url.split(/\?(.*)/s);
  return [
    method.toUpperCase(),
    path.split('/').map(encoded).join('/') || '/',
    canonicalQuery(query),
    ...signedHeaders.map((name) => `${name}:${one(headers[name]).trim().replaceAll(/ +/g, ' ')}`),
    '',
    signedHeaders.join(';'),
    sha256(body),
  ].join('\n');
}

const canonicalQuery = (query: string): string =>
  [...new URLSearchParams(query)]
    .map(([name, value]) => [encoded(name), encoded(value)] as const)
    .sort(([a, x], [b, y]) => (a === b ? (x < y ? -1 : 1) : a < b ? -1 : 1))
    .map((pair) => pair.join('='))
    .join('&');

/** RFC 3986: encodeURIComponent leaves five more characters alone than AWS does. */
const encoded = (part: string): string =>
  encodeURIComponent(part).replaceAll(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);

const one = (value: string | string[] | undefined): string => (Array.isArray(value) ? value.join(',') : (value ?? ''));

function instantOf(amzDate: string): number {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(amzDate);
  if (!match) return Number.NaN;
  const [, year, month, day, hour, minute, second] = match;
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
}

const sha256 = (data: string | Buffer): string => createHash('sha256').update(data).digest('hex');
const hmac = (key: Buffer, data: string): Buffer => createHmac('sha256', key).update(data).digest();
