/** Shapes of images: how far a version is in each region, and what was found. */
import { z } from 'zod';
import { CONTROLS } from '#domain/image.ts';

export const ImageQuery = z.object({ versionId: z.uuid() });
export type ImageQuery = z.output<typeof ImageQuery>;

export const CheckView = z.object({
  control: z.enum(CONTROLS),
  result: z.enum(['PASS', 'FAIL', 'NOT_EXECUTED']),
  reason: z.string(),
});

export const ImageView = z
  .object({
    id: z.uuid().nullable().describe('null until its turn has come'),
    region: z.string(),
    state: z.enum(['waiting', 'copying', 'testing', 'ready', 'rejected']),
    progress: z.number().int().min(0).max(100).nullable().describe('per cent of the copy; null where EC2 does not say'),
    restricted: z.boolean().describe('no longer offered there; what runs keeps running'),
    amiId: z.string().nullable().describe('what was tested once it is ready; launches take nothing else'),
    snapshotIds: z.array(z.string()).describe('what that is made of'),
    sourceDigest: z.string().nullable().describe("sha256:…, where the description of the vendor's image has one"),
    checks: z.array(CheckView).describe('the latest result of each control, over all runs'),
    rejection: z.string().nullable().describe('why it is not sold in this region'),
    readyAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'Image' });
export type ImageView = z.output<typeof ImageView>;

export const ImageList = z.object({ items: z.array(ImageView) }).meta({ id: 'ImageList' });
