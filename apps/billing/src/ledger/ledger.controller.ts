/** /v1/ledger: the trial balance, the hash chain followed, and the daily proofs. */
import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import { Only } from '#platform/auth.ts';
import { Audit } from './audit.ts';
import { ChainView, ProofList, TrialBalanceView, type ProofView } from './ledger.schema.ts';
import { Ledger } from './ledger.ts';

@Controller('v1/ledger')
@Only('operator', 'auditor')
export class LedgerController {
  constructor(
    private readonly ledger: Ledger,
    private readonly audit: Audit,
  ) {}

  @Get('chain')
  @ApiOkResponse({ standardSchema: ChainView })
  chain(): Promise<ChainView> {
    return this.audit.chain();
  }

  @Get('proofs')
  @ApiOkResponse({ standardSchema: ProofList })
  async proofs(): Promise<{ items: ProofView[] }> {
    return { items: await this.audit.proofs() };
  }

  @Get('trial-balance')
  @ApiOkResponse({ standardSchema: TrialBalanceView })
  async trialBalance(): Promise<TrialBalanceView> {
    const rows = await this.ledger.trialBalance();
    const currencies = [...new Set(rows.map((row) => row.currency))];
    return {
      items: rows.map(({ account, currency, balanceMinor }) => ({ account, currency, balanceMinor: String(balanceMinor) })),
      totals: currencies.map((currency) => ({
        currency,
        totalMinor: String(rows.filter((row) => row.currency === currency).reduce((sum, row) => sum + row.balanceMinor, 0n)),
      })),
    };
  }
}
