/** Shapes of runs over an image, and of what is told about images that are sold. */
import { z } from 'zod';
import { CheckView } from './images.schema.ts';

export const Id = z.uuid();

export const ScanView = z
  .object({
    id: z.uuid(),
    reason: z.enum(['first', 'again']).describe('first: before it is sold; again: while it is'),
    bootTest: z.boolean().describe('whether a machine was part of it'),
    startedAt: z.iso.datetime(),
    endedAt: z.iso.datetime().nullable(),
    passed: z.boolean().nullable().describe('null while it is under way'),
    failure: z.string().nullable(),
    checks: z.array(CheckView),
  })
  .meta({ id: 'ImageScan' });
export type ScanView = z.output<typeof ScanView>;

export const ScanList = z.object({ items: z.array(ScanView) }).meta({ id: 'ImageScanList' });

export const NoticeQuery = z.object({
  state: z.enum(['open', 'all']).default('open').describe('all: those that are resolved, too'),
});
export type NoticeQuery = z.output<typeof NoticeQuery>;

export const NoticeView = z
  .object({
    id: z.uuid(),
    kind: z
      .enum(['scan_failed', 'other_image_runs'])
      .describe(
        'scan_failed: a control fails that passed before; other_image_runs: a machine runs something else than what was tested',
      ),
    imageId: z.uuid(),
    versionId: z.uuid(),
    version: z.string(),
    productId: z.uuid(),
    product: z.string(),
    region: z.string(),
    scanId: z.uuid().nullable().describe('the run that found it'),
    instanceId: z.uuid().nullable().describe('the machine that it is about'),
    reason: z.string(),
    createdAt: z.iso.datetime(),
    resolvedAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'ImageNotice' });
export type NoticeView = z.output<typeof NoticeView>;

export const NoticeList = z.object({ items: z.array(NoticeView) }).meta({ id: 'ImageNoticeList' });
