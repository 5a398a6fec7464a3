/** Shapes of "who am I". */
import { z } from 'zod';

export const Me = z
  .object({
    user: z.object({ id: z.string(), name: z.string(), email: z.string() }).nullable(),
    organization: z.object({
      id: z.uuid(),
      name: z.string(),
      slug: z.string(),
      kind: z.enum(['buyer', 'vendor', 'operator', 'auditor']),
      awsAccountId: z.string().nullable(),
    }),
  })
  .meta({ id: 'Me' });
export type Me = z.output<typeof Me>;
