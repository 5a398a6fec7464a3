/** Shapes of connections to buyers' AWS accounts. */
import { z } from 'zod';

const accountId = z.string().regex(/^\d{12}$/, 'must be the 12 digits of an AWS account');

export const NewAwsConnection = z
  .object({ accountId, name: z.string().trim().min(1).max(80).default('AWS').describe('what you call it') })
  .meta({ id: 'NewAwsConnection' });
export type NewAwsConnection = z.output<typeof NewAwsConnection>;

export const ConnectionRole = z
  .object({
    roleArn: z
      .string()
      .max(600)
      .regex(
        /^arn:aws:iam::\d{12}:role\/(?:[\x21-\x7e]{1,510}\/)?[\w+=,.@-]{1,64}$/,
        'must be the ARN of a role: arn:aws:iam::123456789012:role/…',
      ),
  })
  .meta({ id: 'AwsConnectionRole' });
export type ConnectionRole = z.output<typeof ConnectionRole>;

export const AwsConnectionView = z
  .object({
    id: z.uuid(),
    name: z.string(),
    accountId: z.string(),
    externalId: z.string().describe("what the role's trust policy has to ask for; random, and only for this connection"),
    platformAccountId: z.string().describe("the marketplace's AWS account, which the role has to trust"),
    roleArn: z.string().nullable().describe('null until you have made the role and named it'),
    state: z
      .enum(['unfinished', 'testing', 'ok', 'failing'])
      .describe('unfinished: no role yet; testing: being tried; ok: machines can run through it; failing: see problems'),
    problems: z.array(z.string()).describe('what is missing, a sentence each'),
    regions: z.array(z.string()).describe('where machines can run through it'),
    checkedAt: z.iso.datetime().nullable(),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'AwsConnection' });
export type AwsConnectionView = z.output<typeof AwsConnectionView>;

export const AwsConnectionList = z.object({ items: z.array(AwsConnectionView) }).meta({ id: 'AwsConnectionList' });
