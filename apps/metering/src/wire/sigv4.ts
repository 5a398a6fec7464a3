/**
 * AWS Signature Version 4, checked from the request as it was sent. Knows no keys and reads no clock of its own; the caller brings
 * both. Source: AWS's description of signing, checked against the vectors that AWS published.
 */
import { createHmac, createSecretKey, hash, timingSafeEqual, type KeyObject } from 'node:crypto';
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
  /** What was signed: all of the request in the form that both sides hash. */
  stringToSign: string;
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
  if (request.url.includes('?') && /[?&]x-amz-(algorithm|credential|signature)=/i.test(request.url))
    throw refused('IncompleteSignatureException', 'Sign in the Authorization header; signatures in the query are not taken.');
  if (!headers.has('authorization')) throw refused('MissingAuthenticationTokenException', 'The request is not signed.');
  const repeated = ONCE.find((name) => (headers.get(name)?.length ?? 0) > 1);
  if (repeated) throw refused('IncompleteSignatureException', `The header ${repeated} was sent more than once.`);

  const signature = parse(headers);
  for (const name of headers.keys()) if (name.startsWith('x-amz-')) refuseUnsigned(name, signature, headers);
  refuseUnsigned('host', signature, headers);
  refuseUnsigned('x-amz-date', signature, headers);
  const bodySha = sha256(request.body);
  const payload = headers.get('x-amz-content-sha256')?.[0];
  if (payload !== undefined && payload !== bodySha)
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
  return { ...signature, stringToSign: stringToSign(signature, request, headers, bodySha) };
}

/** Whether the holder of `key` made this signature. Takes the same time whether or not. */
export const isSignedWith = (key: KeyObject, signature: Signature): boolean =>
  timingSafeEqual(createHmac('sha256', key).update(signature.stringToSign).digest(), Buffer.from(signature.hex, 'hex'));

/** The key for one day, region and service, derived from a secret. Worth keeping: it costs more than a check. */
export const signingKey = (
  secret: string,
  { date, region, service }: Pick<Signature, 'date' | 'region' | 'service'>,
): KeyObject =>
  createSecretKey(
    [date, region, service, 'aws4_request'].reduce<Buffer>(
      (key, part) => createHmac('sha256', key).update(part).digest(),
      Buffer.from(`AWS4${secret}`),
    ),
  );

type Unhashed = Omit<Signature, 'stringToSign'>;

/** @throws WireError when a header that counts is not there, or is there and not signed. */
function refuseUnsigned(name: string, { signedHeaders }: Unhashed, headers: Headers): void {
  if (!signedHeaders.includes(name) || !headers.has(name))
    throw refused('IncompleteSignatureException', `The header ${name} must be sent and signed.`);
}

function parse(headers: Headers): Unhashed {
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

function stringToSign(
  { amzDate, date, region, service, signedHeaders }: Unhashed,
  { method, url }: SignedRequest,
  headers: Headers,
  bodySha: string,
): string {
  const question = url.indexOf('?');
  const path = question < 0 ? url : url.slice(0, question);
  const query = question < 0 ? '' : canonicalQuery(url.slice(question + 1));
  let canonical = `${method.toUpperCase()}\n${path === '/' ? path : path.split('/').map(encoded).join('/')}\n${query}\n`;
  for (const name of signedHeaders) canonical += `${name}:${(headers.get(name) ?? []).map(tidy).join(',')}\n`;
  canonical += `\n${signedHeaders.join(';')}\n${bodySha}`;
  return `AWS4-HMAC-SHA256\n${amzDate}\n${date}/${region}/${service}/aws4_request\n${sha256(canonical)}`;
}

type Headers = Map<string, string[]>;

function headersOf({ rawHeaders }: SignedRequest): Headers {
  const headers: Headers = new Map();
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]!.toLowerCase();
    const known = headers.get(name);
    if (known) known.push(rawHeaders[index + 1]!);
    else headers.set(name, [rawHeaders[index + 1]!]);
  }
  return headers;
}

const tidy = (value: string): string => {
  const trimmed = value.trim();
  return trimmed.includes('  ') ? trimmed.replaceAll(/ +/g, ' ') : trimmed;
};

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

const sha256 = (data: string | Buffer): string => hash('sha256', data, 'hex');
