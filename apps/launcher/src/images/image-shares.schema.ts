/** Shapes of shared images. */
import { z } from 'zod';

export const ImageShareView = z
  .object({
    productId: z.uuid(),
    product: z.string(),
    version: z.string(),
    region: z.string(),
    imageId: z.string().describe("EC2's id of the image, which the account may launch"),
    accountId: z.string().describe('the AWS account that it is shared with'),
    state: z.enum(['sharing', 'shared', 'unsharing', 'refused']),
    failure: z.string().nullable().describe('why EC2 does not share it with this account'),
    since: z.iso.datetime(),
  })
  .meta({ id: 'ImageShare' });
export type ImageShareView = z.output<typeof ImageShareView>;

export const ImageShareList = z.object({ items: z.array(ImageShareView) }).meta({ id: 'ImageShareList' });
