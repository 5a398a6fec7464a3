/** /v1/payout-account: a vendor's own. */
import { Body, Controller, Get, Put } from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import { CurrentCaller, Only, type Caller } from '#platform/auth.ts';
import { NewPayoutAccount, PayoutAccountView } from './payout-accounts.schema.ts';
import { PayoutAccounts } from './payout-accounts.ts';

@Controller('v1/payout-account')
@Only('vendor')
export class PayoutAccountsController {
  constructor(private readonly payoutAccounts: PayoutAccounts) {}

  @Get()
  @ApiOkResponse({ standardSchema: PayoutAccountView })
  get(@CurrentCaller() caller: Caller): Promise<PayoutAccountView> {
    return this.payoutAccounts.get(caller);
  }

  @Put()
  @ApiOkResponse({ standardSchema: PayoutAccountView })
  put(@CurrentCaller() caller: Caller, @Body({ schema: NewPayoutAccount }) body: NewPayoutAccount): Promise<PayoutAccountView> {
    return this.payoutAccounts.put(caller, body);
  }
}
