/** Shapes of versions: an image of the vendor's, and where it shall be sold. */
import { z } from 'zod';

const Region = z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'must be an AWS region such as us-east-1');
const InstanceType = z.string().regex(/^[a-z][a-z0-9-]*\.[a-z0-9-]+$/, 'must be an EC2 instance type such as t3.micro');

export const NewVersion = z
  .object({
    title: z.string().trim().min(1).max(60).describe('unique within the product, e.g. 1.2.0'),
    notes: z.string().max(10_000).default(''),
    imageId: z.string().regex(/^ami-[0-9a-f]{8,17}$/, 'must be an AMI id such as ami-0123456789abcdef0'),
    imageRegion: Region.describe('where the image is now'),
    regions: z.array(Region).min(1).max(20).describe('where it shall be sold; it is copied to each'),
    instanceTypes: z.array(InstanceType).min(1).max(50),
    urlTemplate: z
      .string()
      .max(300)
      .regex(/^https?:\/\/\{address\}(:\d{1,5})?(\/\S*)?$/, 'must look like http://{address}:8080/')
      .describe('where the appliance answers; {address} is the public address of the machine'),
    healthPath: z
      .string()
      .regex(/^\/\S{0,200}$/, 'must start with /')
      .default('/health')
      .describe('answers 2xx when the appliance is well'),
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
    createdAt: z.iso.datetime(),
    images: z
      .array(
        z.object({
          region: z.string(),
          state: z.enum(['waiting', 'copying', 'testing', 'ready', 'rejected']),
          rejection: z.string().nullable(),
        }),
      )
      .describe('how far the image is in each region'),
  })
  .meta({ id: 'Version' });
export type VersionView = z.output<typeof VersionView>;

export const VersionList = z.object({ items: z.array(VersionView) }).meta({ id: 'VersionList' });
