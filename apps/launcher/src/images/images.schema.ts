/** Shapes of images: how far a version is in each region, and what was found. */
import { z } from 'zod';
import { CONTROLS } from '#domain/image.ts';

export const ImageQuery = z.object({ versionId: z.uuid() });
export type ImageQuery = z.output<typeof ImageQuery>;

export const ImageView = z
  .object({
    region: z.string(),
    state: z.enum(['waiting', 'copying', 'testing', 'ready', 'rejected']),
    checks: z.array(
      z.object({ control: z.enum(CONTROLS), result: z.enum(['PASS', 'FAIL', 'NOT_EXECUTED']), reason: z.string() }),
    ),
    rejection: z.string().nullable().describe('why it is not sold in this region'),
    readyAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'Image' });
export type ImageView = z.output<typeof ImageView>;

export const ImageList = z.object({ items: z.array(ImageView) }).meta({ id: 'ImageList' });
