/** GET /v1/ledger/trial-balance. */
import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import { Only } from '#platform/auth.ts';
import { TrialBalanceView } from './ledger.schema.ts';
import { Ledger } from './ledger.ts';

@Controller('v1/ledger')
@Only('operator')
export class LedgerController {
  constructor(private readonly ledger: Ledger) {}

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
