/**
 * AWS Signature Version 4, checked from the request as it was sent. Knows no keys and reads no clock of its own; the caller brings
 * both. Source: AWS's description of signing, checked against the vectors that AWS published.
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { refused } from './wire.errors.ts';

export interface SignedRequest {
  method: string;
  /** Path and query as they were sent. */
  url: string;
  /** Names and values in turn, as node:http gives them in `rawHeaders`. */
  rawHeaders: string[];
  body: Buffer;
}

export interface Signature {
  accessKeyId: string;
  /** YYYYMMDD of the credential scope. */
  date: string;
  region: string;
  service: string;
  signedHeaders: string[];
  hex: string;
  amzDate: string;
  /** The session token sent along, if any. */
  securityToken: string | undefined;
}

export interface Expected {
  /** The real time: a signature ages on the wall's clock. */
  now: Date;
  skewSeconds: number;
  service: string;
  regions: string[];
}

const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 +Credential=([^/,\s]+)\/(\d{8})\/([^/,\s]+)\/([^/,\s]+)\/aws4_request *, *SignedHeaders=([^,\s]+) *, *Signature=([0-9a-f]{64})$/;
const AMZ_DATE = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/;
/** Sent twice, one might be checked and the other believed. */
const ONCE = ['host', 'authorization', 'x-amz-date', 'x-amz-security-token', 'x-amz-target', 'x-amz-content-sha256'];

/**
 * What the request says of its signature, checked for everything but the signature itself.
 * @throws WireError 403: no signature, a malformed one, one for another time, region or service, or headers left out of it.
 */
export function readSignature(request: SignedRequest, { now, skewSeconds, service, regions }: Expected): Signature {
  const headers = headersOf(request);
  if (/[?&]x-amz-(algorithm|credential|signature)=/i.test(request.url))
    throw refused('IncompleteSignatureException', 'Sign in the Authorization header; signatures in the query are not taken.');
  if (!headers.has('authorization')) throw refused('MissingAuthenticationTokenException', 'The request is not signed.');
  const repeated = ONCE.find((name) => (headers.get(name)?.length ?? 0) > 1);
  if (repeated) throw refused('IncompleteSignatureException', `The header ${repeated} was sent more than once.`);

  const signature = parse(headers);
  const needed = ['host', 'x-amz-date', ...[...headers.keys()].filter((name) => name.startsWith('x-amz-'))];
  const unsigned = needed.find((name) => !signature.signedHeaders.includes(name) || !headers.has(name));
  if (unsigned) throw refused('IncompleteSignatureException', `The header ${unsigned} must be sent and signed.`);
  const payload = headers.get('x-amz-content-sha256')?.[0];
  if (payload !== undefined && payload !== sha256(request.body))
    throw refused(
      'InvalidSignatureException',
      'x-amz-content-sha256 must be the SHA-256 of the body; unsigned and streamed bodies are not taken.',
    );

  const age = Math.abs(now.getTime() - instantOf(signature.amzDate));
  // NaN, for a malformed date, is not within the skew either.
  if (!(age <= skewSeconds * 1000))
    throw refused(
      'InvalidSignatureException',
      `Signature expired: ${signature.amzDate} is more than ${skewSeconds} s from our time.`,
    );
  if (!signature.amzDate.startsWith(signature.date))
    throw refused('InvalidSignatureException', 'The date in the credential scope is not that of X-Amz-Date.');
  if (signature.service !== service)
    throw refused('InvalidSignatureException', `Credential should be scoped to the service "${service}".`);
  if (!regions.includes(signature.region))
    throw refused('InvalidSignatureException', `Credential should be scoped to one of the regions ${regions.join(', ')}.`);
  return signature;
}

/** Whether the holder of `key` made this signature over this request. Takes the same time whether or not. */
export const isSignedWith = (key: Buffer, signature: Signature, request: SignedRequest): boolean =>
  timingSafeEqual(hmac(key, stringToSign(signature, request)), Buffer.from(signature.hex, 'hex'));

/** The key for one day, region and service, derived from a secret. */
export const signingKey = (secret: string, { date, region, service }: Pick<Signature, 'date' | 'region' | 'service'>): Buffer =>
  [date, region, service, 'aws4_request'].reduce<Buffer>((key, part) => hmac(key, part), Buffer.from(`AWS4${secret}`));

function parse(headers: Headers): Signature {
  const match = AUTHORIZATION.exec(headers.get('authorization')![0]!);
  if (!match) throw refused('IncompleteSignatureException', 'The Authorization header is not one of AWS Signature Version 4.');
  const [, accessKeyId = '', date = '', region = '', service = '', signed = '', hex = ''] = match;
  return {
    accessKeyId,
    date,
    region,
    service,
    signedHeaders: signed.split(';'),
    hex,
    amzDate: headers.get('x-amz-date')?.[0] ?? '',
    securityToken: headers.get('x-amz-security-token')?.[0],
  };
}

function stringToSign({ amzDate, date, region, service, signedHeaders }: Signature, request: SignedRequest): string {
  const [path = '/', query = ''] = request.url.split(/\?(.*)/s);
  const headers = headersOf(request);
  const canonical = [
    request.method.toUpperCase(),
    path.split('/').map(encoded).join('/'),
    canonicalQuery(query),
    ...signedHeaders.map((name) => `${name}:${(headers.get(name) ?? []).map(tidy).join(',')}`),
    '',
    signedHeaders.join(';'),
    sha256(request.body),
  ].join('\n');
  return ['AWS4-HMAC-SHA256', amzDate, `${date}/${region}/${service}/aws4_request`, sha256(canonical)].join('\n');
}

type Headers = Map<string, string[]>;

function headersOf({ rawHeaders }: SignedRequest): Headers {
  const headers: Headers = new Map();
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]!.toLowerCase();
    headers.set(name, [...(headers.get(name) ?? []), rawHeaders[index + 1]!]);
  }
  return headers;
}

const tidy = (value: string): string => value.trim().replaceAll(/ +/g, ' ');

const canonicalQuery = (query: string): string =>
  [...new URLSearchParams(query)]
    .map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
    .sort()
    .join('&');

/** RFC 3986: encodeURIComponent leaves five more characters alone than AWS does. */
const encoded = (part: string): string =>
  encodeURIComponent(part).replaceAll(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);

function instantOf(amzDate: string): number {
  const match = AMZ_DATE.exec(amzDate);
  if (!match) return Number.NaN;
  const [, year, month, day, hour, minute, second] = match;
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
}

const sha256 = (data: string | Buffer): string => createHash('sha256').update(data).digest('hex');
const hmac = (key: Buffer, data: string): Buffer => createHmac('sha256', key).update(data).digest();
