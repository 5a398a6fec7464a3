/** Files that a person downloads. */
import { StreamableFile } from '@nestjs/common';

export const PDF = 'application/pdf';
export const CSV = 'text/csv; charset=utf-8';

/** @param name a plain file name of letters, digits, points and hyphens */
export const download = (content: Buffer | string, { type, name }: { type: string; name: string }): StreamableFile =>
  new StreamableFile(Buffer.from(content), { type, disposition: `attachment; filename="${name}"` });
