/** Shapes of versions: an image of the vendor's, and where it shall be sold. */
import { z } from 'zod';

export const Region = z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'must be an AWS region such as us-east-1');
/** Of one version. */
export const MAX_REGIONS = 20;
const InstanceType = z.string().regex(/^[a-z][a-z0-9-]*\.[a-z0-9-]+$/, 'must be an EC2 instance type such as t3.micro');

const Path = z.string().regex(/^\/\S{0,200}$/, 'must start with /');

export const PortView = z.object({
  port: z.number().int().min(1).max(65_535),
  protocol: z.enum(['tcp', 'udp']),
  description: z.string().trim().max(200),
});

/** Devices that AWS advises for data volumes (EC2 user guide, "Device names for volumes"). */
export const DataVolumeView = z.object({
  name: z.string().regex(/^[a-z][a-z0-9-]{0,30}$/, 'must be a word of lower-case letters, digits and dashes'),
  device: z.string().regex(/^\/dev\/sd[f-p]$/, 'must be one of /dev/sdf to /dev/sdp'),
  sizeGib: z.number().int().min(1).max(16_384),
  type: z.enum(['gp3', 'gp2', 'st1', 'sc1', 'standard']).default('gp3'),
  mountPath: z.string().regex(/^(\/[A-Za-z0-9._-]+)+$/, 'must be an absolute path'),
});

const areDistinct = (keys: unknown[]): boolean => new Set(keys).size === keys.length;

const operatingSystem = z
  .string()
  .trim()
  .min(1)
  .max(60)
  .nullable()
  .describe('what the image runs, such as Ubuntu 24.04; one that nobody mends any more is refused');

const machineFields = {
  ports: z
    .array(PortView)
    .max(50)
    .refine((all) => areDistinct(all.map(({ port, protocol }) => `${port}/${protocol}`)), 'must not name a port twice')
    .describe("what the appliance listens on besides its URL's port; opened to everybody, except for SSH"),
  userDataTemplate: z
    .string()
    .min(1)
    .max(16_384)
    .nullable()
    .describe('user data of its machines, with {{name}} where a value of the buyer goes'),
  dataVolumes: z
    .array(DataVolumeView)
    .max(11)
    .refine((all) => areDistinct(all.map(({ name }) => name)), 'must not name a volume twice')
    .refine((all) => areDistinct(all.map(({ device }) => device)), 'must not name a device twice')
    .describe('disks for data, apart from the image; they outlive the machine'),
  recommendedInstanceType: InstanceType.nullable(),
  drainPath: Path.nullable().describe('posted to before a machine leaves a fleet or stops'),
  metricsPath: Path.nullable().describe('answers with numbers by name, such as {"queue_depth": 12}'),
};

export const NewVersion = z
  .object({
    title: z.string().trim().min(1).max(60).describe('unique within the product, e.g. 1.2.0'),
    notes: z.string().max(10_000).default(''),
    imageId: z.string().regex(/^ami-[0-9a-f]{8,17}$/, 'must be an AMI id such as ami-0123456789abcdef0'),
    imageRegion: Region.describe('where the image is now'),
    regions: z.array(Region).min(1).max(MAX_REGIONS).describe('where it shall be sold; it is copied to each'),
    instanceTypes: z.array(InstanceType).min(1).max(50),
    urlTemplate: z
      .string()
      .max(300)
      .regex(/^https?:\/\/\{address\}(:\d{1,5})?(\/\S*)?$/, 'must look like http://{address}:8080/')
      .describe('where the appliance answers; {address} is the public address of the machine'),
    healthPath: Path.default('/health').describe('answers 2xx when the appliance is well'),
    operatingSystem: operatingSystem.default(null),
    ports: machineFields.ports.default([]),
    userDataTemplate: machineFields.userDataTemplate.default(null),
    dataVolumes: machineFields.dataVolumes.default([]),
    recommendedInstanceType: machineFields.recommendedInstanceType.default(null),
    drainPath: machineFields.drainPath.default(null),
    metricsPath: machineFields.metricsPath.default(null),
  })
  .refine(({ instanceTypes, recommendedInstanceType: type }) => type === null || instanceTypes.includes(type), {
    path: ['recommendedInstanceType'],
    error: 'must be one of instanceTypes',
  })
  .meta({ id: 'NewVersion' });
export type NewVersion = z.output<typeof NewVersion>;

export const VersionView = z
  .object({
    id: z.uuid(),
    productId: z.uuid(),
    title: z.string(),
    notes: z.string(),
    imageId: z.string(),
    imageRegion: z.string(),
    instanceTypes: z.array(z.string()),
    urlTemplate: z.string(),
    healthPath: z.string(),
    operatingSystem,
    ...machineFields,
    createdAt: z.iso.datetime(),
    images: z
      .array(
        z.object({
          region: z.string(),
          state: z.enum(['waiting', 'copying', 'testing', 'ready', 'rejected']),
          progress: z.number().int().min(0).max(100).nullable().describe('per cent of the copy; null where EC2 does not say'),
          rejection: z.string().nullable(),
          restricted: z.boolean().describe('no longer offered there; what runs keeps running'),
        }),
      )
      .describe('how far the image is in each region, those it was offered in before included'),
  })
  .meta({ id: 'Version' });
export type VersionView = z.output<typeof VersionView>;

export const NewRegions = z.object({ regions: z.array(Region).min(1).max(MAX_REGIONS) }).meta({ id: 'NewRegions' });
export type NewRegions = z.output<typeof NewRegions>;

export const VersionList = z.object({ items: z.array(VersionView) }).meta({ id: 'VersionList' });
