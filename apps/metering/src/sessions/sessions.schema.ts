/** What a machine shows to prove which one it is, and the credentials it gets, in the form that credential_process prints. */
import { z } from 'zod';

const DocumentProof = z
  .object({
    identityDocument: z.string().min(1).max(16_384).describe('latest/dynamic/instance-identity/document, as it came'),
    signature: z
      .string()
      .max(16_384)
      .regex(/^[A-Za-z0-9+/=\s]+$/, 'must be base64')
      .describe('latest/dynamic/instance-identity/rsa2048: PKCS #7 in base64, the document inside'),
    nonce: z
      .string()
      .regex(/^[\x21-\x7e]{16,128}$/, 'must be 16 to 128 printable characters')
      .describe('a secret the machine made; the first one it shows is the only one it may show from then on'),
  })
  .meta({ id: 'DocumentProof' });
export type DocumentProof = z.output<typeof DocumentProof>;

const CallerProof = z
  .object({
    callerIdentity: z
      .object({
        url: z
          .url({ protocol: /^https?$/ })
          .max(200)
          .describe("STS of the machine's region"),
        headers: z
          .record(z.string().regex(/^[A-Za-z0-9-]{1,60}$/), z.string().max(4096))
          .refine((headers) => Object.keys(headers).length <= 12, 'has too many headers')
          .describe('as signed, with x-slipway-server-id among the signed ones'),
        body: z.string().max(200),
      })
      .describe("a GetCallerIdentity signed with the credentials of the machine's role; it is sent on to STS"),
  })
  .meta({ id: 'CallerProof' });
export type CallerProof = z.output<typeof CallerProof>;

export const IdentityProof = z.union([DocumentProof, CallerProof]).meta({ id: 'IdentityProof' });
export type IdentityProof = z.output<typeof IdentityProof>;

export const InstanceCredentials = z
  .object({
    Version: z.literal(1),
    AccessKeyId: z.string(),
    SecretAccessKey: z.string(),
    SessionToken: z.string(),
    Expiration: z.iso.datetime(),
  })
  .meta({ id: 'InstanceCredentials' });
export type InstanceCredentials = z.output<typeof InstanceCredentials>;

/** What we read of EC2's document; it has more. */
export const IdentityDocument = z.object({
  accountId: z.string(),
  instanceId: z.string(),
  imageId: z.string(),
  region: z.string(),
  pendingTime: z.iso.datetime().transform((value) => new Date(value)),
});
export type IdentityDocument = z.output<typeof IdentityDocument>;

export const InstanceId = z.uuid();
export type InstanceId = z.output<typeof InstanceId>;
