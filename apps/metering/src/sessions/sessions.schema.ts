/** Shapes of the exchange of a machine's identity for credentials. */
import { z } from 'zod';

export const IdentityProof = z
  .object({
    identityDocument: z.string().min(2).max(16_384).describe('latest/dynamic/instance-identity/document, to the letter'),
    signature: z.string().min(16).max(16_384).describe('latest/dynamic/instance-identity/rsa2048'),
    nonce: z
      .string()
      .regex(/^[\x21-\x7e]{16,128}$/, 'must be 16 to 128 printable characters')
      .describe('made by the machine at its first call, kept by it, and shown each time'),
  })
  .meta({ id: 'IdentityProof' });
export type IdentityProof = z.output<typeof IdentityProof>;

/** As a `credential_process` prints them for any AWS SDK. */
export const SessionCredentials = z
  .object({ Version: z.literal(1), AccessKeyId: z.string(), SecretAccessKey: z.string(), SessionToken: z.string(), Expiration: z.iso.datetime() })
  .meta({ id: 'SessionCredentials' });
export type SessionCredentials = z.output<typeof SessionCredentials>;
