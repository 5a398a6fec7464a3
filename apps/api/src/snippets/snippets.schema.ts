/** Shapes of snippets: a launch as text for other tools. */
import { z } from 'zod';
import { SNIPPET_FORMATS } from '#domain/snippets/snippet.ts';
import { NewLaunch } from '../launches/launches.schema.ts';

export const NewSnippet = NewLaunch.safeExtend({
  format: z.enum(SNIPPET_FORMATS),
}).meta({ id: 'NewSnippet' });
export type NewSnippet = z.output<typeof NewSnippet>;

export const SnippetView = z
  .object({
    format: z.enum(SNIPPET_FORMATS),
    fileName: z.string(),
    text: z.string(),
    region: z.string(),
    imageId: z
      .string()
      .describe('the image in that region: an AWS account has to have it shared with it, which GET /v1/image-shares tells'),
  })
  .meta({ id: 'Snippet' });
export type SnippetView = z.output<typeof SnippetView>;
