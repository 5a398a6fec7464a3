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

export const ChainView = z
  .object({
    sealed: z.string().describe('how many journals the chain holds'),
    waiting: z.string().describe('journals that are not sealed yet'),
    headSha256: z.string().describe('the hash of the last; whoever notes it can tell later that nothing before it was changed'),
    findings: z.array(z.string()).describe('what is not as it was written, by name; none for a sound chain'),
  })
  .meta({ id: 'LedgerChain' });
export type ChainView = z.output<typeof ChainView>;

export const ProofView = z
  .object({
    day: z.string().describe('UTC'),
    provenAt: z.iso.datetime(),
    journals: z.string(),
    isSound: z.boolean(),
    findings: z.array(z.string()),
    clearing: z
      .array(z.object({ account: z.string(), currency: z.string(), balanceMinor: z.string(), since: z.string() }))
      .describe('accounts that money only passes through and that are not at zero'),
  })
  .meta({ id: 'LedgerProof' });
export type ProofView = z.output<typeof ProofView>;

export const ProofList = z.object({ items: z.array(ProofView) }).meta({ id: 'LedgerProofList' });
