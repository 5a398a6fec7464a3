/** What a buyer chooses of a machine, whether it is a launch's or one of a fleet. */
import { z } from 'zod';
import { isAnywhere } from '#domain/firewall.ts';

/** EC2 takes 50 tags on a resource; the rest are Slipway's own. */
export const MOST_TAGS = 40;
const TAG_TEXT = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

const Tags = z
  .record(
    z
      .string()
      .min(1)
      .max(128)
      .regex(TAG_TEXT, 'may hold letters, digits, spaces and _ . : / = + - @')
      .refine((key) => !/^(aws|slipway):/i.test(key), 'must not begin with aws: or slipway:, which are not yours to give'),
    z.string().max(256).regex(TAG_TEXT, 'may hold letters, digits, spaces and _ . : / = + - @'),
  )
  .refine((tags) => Object.keys(tags).length <= MOST_TAGS, `must be at most ${MOST_TAGS}; EC2 takes 50, with Slipway's own`);

export const machineFields = {
  subscriptionId: z.uuid(),
  region: z.string().min(1).max(40),
  instanceType: z.string().min(1).max(40),
  awsConnectionId: z
    .uuid()
    .nullable()
    .default(null)
    .describe("run it in your own AWS account, by this connection; without it in the marketplace's"),
  name: z.string().trim().min(1).max(100).nullable().default(null).describe('what you call it'),
  zone: z
    .string()
    .regex(/^[a-z]{2}(-[a-z]+)+-\d[a-z]$/, 'must be an availability zone such as us-east-1a')
    .nullable()
    .default(null)
    .describe('where it has to be; without one EC2 chooses'),
  keyName: z
    .string()
    .regex(/^[\x21-\x7e][\x20-\x7e]{0,253}[\x21-\x7e]$|^[\x21-\x7e]$/, 'must be the name of an EC2 key pair')
    .nullable()
    .default(null)
    .describe('an EC2 key pair in that account and region, for SSH'),
  subnetId: z
    .string()
    .regex(/^subnet-[0-9a-f]{8,17}$/, 'must be a subnet such as subnet-0123456789abcdef0')
    .nullable()
    .default(null)
    .describe('a subnet of your own AWS account; the default network without one'),
  sshFrom: z
    .cidrv4('must be an IPv4 range such as 203.0.113.0/24')
    .nullable()
    .default(null)
    .describe('whence SSH is open; closed without one'),
  sshFromAnywhere: z.boolean().default(false).describe('say so when sshFrom is every address there is'),
  placement: z
    .enum(['none', 'spread', 'partition'])
    .default('none')
    .describe(
      'spread: on other hardware than the rest of the fleet, or than your other machines of the product; partition: in racks of its own partition',
    ),
  market: z
    .enum(['on-demand', 'spot'])
    .default('on-demand')
    .describe('spot: at a lower price, and taken back by AWS at two minutes’ notice; another machine then takes its place'),
  tags: Tags.default({}).describe('for cost allocation: put on the machine and its volumes'),
  userData: z
    .record(z.string().max(60), z.string().max(16_384))
    .refine((values) => Object.keys(values).length <= 100, 'must be at most 100 values')
    .default({})
    .describe("the product's settings, by name; not shown again"),
};

/** Whether the zone is in the region. */
export const zoneFits = {
  test: ({ zone, region }: { zone: string | null; region: string }): boolean => zone === null || zone.startsWith(region),
  error: 'must be in the region',
};

/** Whether SSH that is open to everybody was meant. */
export const sshIsMeant = {
  test: ({ sshFrom, sshFromAnywhere }: { sshFrom: string | null; sshFromAnywhere: boolean }): boolean =>
    sshFrom === null || !isAnywhere(sshFrom) || sshFromAnywhere,
  error: 'opens SSH to every address there is; name a smaller range, or say sshFromAnywhere: true',
};
