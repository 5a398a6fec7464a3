/** The sandbox's settings, read from the environment once, by main. Each has a default that works. */
import { z } from 'zod';

const port = (otherwise: number) => z.coerce.number().int().min(0).max(65_535).default(otherwise);

export const sandboxSettings = z.object({
  SANDBOX_HOST: z.string().default('127.0.0.1').describe('address that the vendor ports and the control port listen on'),
  SANDBOX_EC2_PORT: port(4100).describe('EC2, STS and the metadata of instances'),
  SANDBOX_STRIPE_PORT: port(4110).describe('Stripe'),
  SANDBOX_CONTROL_PORT: port(4120).describe('clock, faults, keys, images'),
  SANDBOX_APPLIANCE_PORT: port(4130).describe('what launched appliances listen on, each at its own 127.x.y.z'),
  SANDBOX_SSH_PORT: port(4140).describe('what the SSH of launched machines listens on, at the same addresses'),
  SANDBOX_APPLIANCE_ADDRESS: z
    .ipv4()
    .optional()
    .describe('one address for all appliances, where they cannot have one each: in a container'),
  SANDBOX_DATA: z.string().default('.slipway/sandbox.sqlite').describe("SQLite file, or ':memory:' to forget everything at exit"),
  SANDBOX_WEBHOOK_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('where Stripe events are sent'),
  SANDBOX_WEBHOOK_SECRET: z.string().min(1).default('whsec_sandbox').describe('what they are signed with'),
  SANDBOX_BOOT_MS: z.coerce.number().int().min(0).default(300).describe('how long an instance takes to start, to stop and to go'),
  SANDBOX_COPY_MS: z.coerce.number().int().min(0).default(300).describe('how long an image takes to copy'),
  SANDBOX_VOLUME_MS: z.coerce
    .number()
    .int()
    .min(0)
    .default(300)
    .describe('how long a volume takes to be made, attached, detached or deleted'),
  SANDBOX_SNAPSHOT_MS: z.coerce.number().int().min(0).default(300).describe('how long a snapshot of a volume takes'),
  SANDBOX_THROTTLE: z
    .enum(['off', 'requests', 'resources', 'all'])
    .default('off')
    .describe("which of EC2's token buckets are in force: of calls, of instances, or both"),
  SANDBOX_DESCRIBE_LAG_MS: z.coerce
    .number()
    .int()
    .min(0)
    .default(0)
    .describe('how late EC2 shows in Describe calls what was done'),
  SANDBOX_AGENT_COMMAND: z
    .string()
    .optional()
    .describe('a command line to run for each machine whose image has an agent, for as long as the machine is up'),
  SANDBOX_IDENTITY_CERTIFICATE_FILE: z.string().optional().describe('file to write the certificate of identity documents to'),
});

export interface SandboxSettings {
  host: string;
  ec2Port: number;
  stripePort: number;
  controlPort: number;
  appliancePort: number;
  sshPort: number;
  applianceAddress?: string | undefined;
  data: string;
  webhookUrl?: string | undefined;
  webhookSecret: string;
  bootMs: number;
  copyMs: number;
  volumeMs: number;
  snapshotMs: number;
  throttle: 'off' | 'requests' | 'resources' | 'all';
  describeLagMs: number;
  agentCommand?: string | undefined;
  identityCertificateFile?: string | undefined;
}

/** Thrown with every problem at once. */
export class SettingsError extends Error {}

/** @throws SettingsError naming each setting that is wrong. */
export function settingsFrom(env: Record<string, string | undefined>): SandboxSettings {
  const result = sandboxSettings.safeParse(Object.fromEntries(Object.entries(env).filter(([, value]) => value !== '')));
  if (!result.success) {
    throw new SettingsError(result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('\n'));
  }
  const read = result.data;
  return {
    host: read.SANDBOX_HOST,
    ec2Port: read.SANDBOX_EC2_PORT,
    stripePort: read.SANDBOX_STRIPE_PORT,
    controlPort: read.SANDBOX_CONTROL_PORT,
    appliancePort: read.SANDBOX_APPLIANCE_PORT,
    sshPort: read.SANDBOX_SSH_PORT,
    applianceAddress: read.SANDBOX_APPLIANCE_ADDRESS,
    data: read.SANDBOX_DATA,
    webhookUrl: read.SANDBOX_WEBHOOK_URL,
    webhookSecret: read.SANDBOX_WEBHOOK_SECRET,
    bootMs: read.SANDBOX_BOOT_MS,
    copyMs: read.SANDBOX_COPY_MS,
    volumeMs: read.SANDBOX_VOLUME_MS,
    snapshotMs: read.SANDBOX_SNAPSHOT_MS,
    throttle: read.SANDBOX_THROTTLE,
    describeLagMs: read.SANDBOX_DESCRIBE_LAG_MS,
    agentCommand: read.SANDBOX_AGENT_COMMAND,
    identityCertificateFile: read.SANDBOX_IDENTITY_CERTIFICATE_FILE,
  };
}
