import { describe, expect, it } from 'vitest';
import { isSignedWith, readSignature, signingKey, type SignedRequest } from './sigv4.ts';

const SECRET = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY';
const EXPECTED = { now: new Date('2015-08-30T12:36:00Z'), skewSeconds: 900, service: 'service', regions: ['us-east-1'] };

/** A request of AWS's published test suite, with the signature published for it. */
function vector({
  method = 'GET',
  url = '/',
  headers = [] as Array<[string, string]>,
  body = '',
  signed = 'host;x-amz-date',
  hex = '',
}) {
  const authorization = `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=${signed}, Signature=${hex}`;
  const all: Array<[string, string]> = [
    ['Host', 'example.amazonaws.com'],
    ...headers,
    ['X-Amz-Date', '20150830T123600Z'],
    ['Authorization', authorization],
  ];
  return { method, url, rawHeaders: all.flat(), body: Buffer.from(body) } satisfies SignedRequest;
}

const VANILLA = '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31';

const isGood = (request: SignedRequest): boolean => {
  const signature = readSignature(request, EXPECTED);
  return isSignedWith(signingKey(SECRET, signature), signature);
};

describe('signature version 4', () => {
  it.each([
    ['get-vanilla', vector({ hex: VANILLA })],
    ['post-vanilla', vector({ method: 'POST', hex: '5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b' })],
    [
      'get-vanilla-query-order-key-case',
      vector({
        url: '/?Param2=value2&Param1=value1',
        hex: 'b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500',
      }),
    ],
    [
      'post-x-www-form-urlencoded',
      vector({
        method: 'POST',
        headers: [['Content-Type', 'application/x-www-form-urlencoded']],
        body: 'Param1=value1',
        signed: 'content-type;host;x-amz-date',
        hex: 'ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a',
      }),
    ],
    [
      'get-header-value-trim',
      vector({
        headers: [
          ['My-Header1', ' value1'],
          ['My-Header2', ' "a   b   c"'],
        ],
        signed: 'host;my-header1;my-header2;x-amz-date',
        hex: 'acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736',
      }),
    ],
  ])('agrees with the published vector %s', (_, request) => {
    expect(isGood(request)).toBe(true);
  });

  it.each([
    ['another body', { ...vector({ hex: VANILLA }), body: Buffer.from('x') }],
    ['another method', { ...vector({ hex: VANILLA }), method: 'POST' }],
    ['another path', { ...vector({ hex: VANILLA }), url: '/x' }],
    ['another signature', vector({ hex: VANILLA.replace('5', '6') })],
  ])('does not take a signature for %s', (_, request) => {
    expect(isGood(request)).toBe(false);
  });

  it.each([
    ['no signature', { ...vector({}), rawHeaders: ['Host', 'h'] }, EXPECTED, 'MissingAuthenticationTokenException'],
    ['a malformed signature', vector({ hex: 'abc' }), EXPECTED, 'IncompleteSignatureException'],
    [
      'a header left out of the signature',
      vector({ headers: [['X-Amz-Target', 'A.B']], hex: VANILLA }),
      EXPECTED,
      'IncompleteSignatureException',
    ],
    [
      'a host left out of the signature',
      vector({ signed: 'x-amz-date', hex: VANILLA }),
      EXPECTED,
      'IncompleteSignatureException',
    ],
    [
      'a date sent twice',
      vector({ headers: [['X-Amz-Date', '20150830T123600Z']], hex: VANILLA }),
      EXPECTED,
      'IncompleteSignatureException',
    ],
    [
      'a signature in the query',
      vector({ url: '/?X-Amz-Signature=abc', hex: VANILLA }),
      EXPECTED,
      'IncompleteSignatureException',
    ],
    [
      'an unsigned body',
      vector({
        headers: [['X-Amz-Content-Sha256', 'UNSIGNED-PAYLOAD']],
        signed: 'host;x-amz-content-sha256;x-amz-date',
        hex: VANILLA,
      }),
      EXPECTED,
      'InvalidSignatureException',
    ],
    ['another region', vector({ hex: VANILLA }), { ...EXPECTED, regions: ['eu-west-1'] }, 'InvalidSignatureException'],
    ['another service', vector({ hex: VANILLA }), { ...EXPECTED, service: 'ec2' }, 'InvalidSignatureException'],
    [
      'a signature made 15 minutes and a second ago',
      vector({ hex: VANILLA }),
      { ...EXPECTED, now: new Date('2015-08-30T12:51:01Z') },
      'InvalidSignatureException',
    ],
    [
      'a signature from 15 minutes and a second ahead',
      vector({ hex: VANILLA }),
      { ...EXPECTED, now: new Date('2015-08-30T12:20:59Z') },
      'InvalidSignatureException',
    ],
  ])('refuses %s', (_, request, expected, type) => {
    expect(() => readSignature(request, expected)).toThrow(expect.objectContaining({ type, status: 403 }));
  });

  it('takes a signature made 15 minutes ago', () => {
    expect(readSignature(vector({ hex: VANILLA }), { ...EXPECTED, now: new Date('2015-08-30T12:51:00Z') }).region).toBe(
      'us-east-1',
    );
  });
});
