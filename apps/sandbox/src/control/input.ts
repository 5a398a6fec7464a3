/** What the control port accepts. Strict: a misspelt member is refused, since a fault that is silently not set tests nothing. */
import { z } from 'zod';
import { DEFAULT_KEY } from '../credentials.ts';
import { isRegion, isZone } from '../ec2/regions.ts';
import { software } from '../ec2/software.ts';

const accountId = z.string().regex(/^\d{12}$/, '12 digits are expected');

export const clock = z
  .strictObject({ now: z.iso.datetime({ offset: true }), advanceMs: z.number().int(), reset: z.literal(true) })
  .partial()
  .refine((asked) => Object.keys(asked).length === 1, 'exactly one of now, advanceMs and reset is expected');

export const fault = z
  .strictObject({
    operation: z.string().min(1),
    code: z.string().min(1).optional(),
    message: z.string().optional(),
    httpStatus: z.number().int().min(400).max(599).optional(),
    commitThenTimeOut: z.boolean().optional(),
    after: z.number().int().min(0).optional(),
    times: z.number().int().min(1).optional(),
  })
  .refine((asked) => asked.code !== undefined || asked.commitThenTimeOut, 'code is expected unless commitThenTimeOut is true')
  .transform((asked) => ({ ...asked, code: asked.code ?? '' }));

export const accessKey = z.strictObject({
  accessKeyId: z.string().regex(/^\w{16,128}$/, '16 to 128 letters and digits are expected'),
  secretAccessKey: z.string().min(1),
  accountId,
});

export const role = z.strictObject({
  roleArn: z.string().regex(/^arn:aws:iam::\d{12}:role\/.+$/, 'arn:aws:iam::ACCOUNT:role/NAME is expected'),
  externalId: z.string().min(2).optional(),
  trusts: z.array(accountId).optional(),
  denied: z.array(z.string().regex(/^(ec2|sts):\w*\*?$/, 'ec2:ACTION or ec2:PREFIX* is expected')).optional(),
});

export const image = z
  .strictObject({
    name: z.string().min(1),
    ownerId: accountId,
    imageId: z
      .string()
      .regex(/^ami-([0-9a-f]{8}|[0-9a-f]{17})$/, 'ami- and 17 hexadecimal digits are expected')
      .optional(),
    region: z.string().optional(),
    description: z.string().optional(),
    architecture: z.enum(['x86_64', 'arm64']).optional(),
    boots: z.boolean().optional(),
    software: software.optional(),
    copyFails: z.boolean().optional(),
    copiesBoot: z.boolean().optional(),
    launchPermissions: z.array(z.union([accountId, z.literal('all')])).optional(),
    imdsSupport: z.literal('v2.0').optional(),
    rootDeviceType: z.enum(['ebs', 'instance-store']).optional(),
    virtualizationType: z.enum(['hvm', 'paravirtual']).optional(),
    enaSupport: z.boolean().optional(),
    encrypted: z.boolean().optional(),
    volumeGiB: z.number().int().min(1).optional(),
    productCodes: z.array(z.string()).optional(),
    pendingMs: z.number().int().min(0).optional(),
    fails: z.boolean().optional(),
  })
  .transform(({ ownerId, ...others }) => ({ ...others, accountId: ownerId }));

export const weather = z
  .strictObject({
    throttle: z.strictObject({ requests: z.boolean(), resources: z.boolean(), refills: z.boolean() }).partial(),
    describeLagMs: z.number().int().min(0),
  })
  .partial();

/** Without `instances` the zone has room for any number again. */
export const capacity = z.strictObject({
  zone: z.string().refine(isZone, 'a zone such as us-east-1a is expected'),
  instanceType: z.string(),
  instances: z
    .number()
    .int()
    .min(0)
    .nullish()
    .transform((value) => value ?? undefined),
});

export const rack = z.strictObject({ partition: z.number().int().min(1).optional() });

export const instances = z
  .strictObject({
    accountId: accountId.default(DEFAULT_KEY.accountId),
    region: z.string().refine(isRegion, 'a region such as us-east-1 is expected').default('us-east-1'),
    imageId: z.string(),
    instanceType: z.string().default('t3.micro'),
    count: z.number().int().min(1).max(1_000_000).optional(),
    clientTokens: z.array(z.string().min(1).max(64)).optional(),
    tags: z.record(z.string(), z.string()).default({}),
    answers: z.boolean().default(false),
  })
  .refine(
    (asked) => (asked.count === undefined) !== (asked.clientTokens === undefined),
    'either count or clientTokens is expected',
  );

export const metrics = z.record(z.string(), z.number());
export const health = z.strictObject({ healthy: z.boolean() });

/** A spot instance is told two minutes before, unless said otherwise. */
export const reclaim = z.strictObject({ noticeMs: z.number().int().min(0).optional() });

/** @throws z.ZodError naming each wrong member. */
export const read = <S extends z.ZodType>(schema: S, body: unknown): z.output<S> => schema.parse(body ?? {});
