/** Shapes of the book as an operator reads it. */
import { z } from 'zod';

export const TrialBalanceView = z
  .object({
    items: z.array(
      z.object({
        account: z.string(),
        currency: z.string(),
        balanceMinor: z.string().describe('debits less credits, in minor units'),
      }),
    ),
    totals: z.array(z.object({ currency: z.string(), totalMinor: z.string().describe('always 0') })),
  })
  .meta({ id: 'TrialBalance' });
export type TrialBalanceView = z.output<typeof TrialBalanceView>;
