/** /v1/earnings and /v1/payouts: a vendor's own. */
import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import { CurrentCaller, Only, type Caller } from '#platform/auth.ts';
import { EarningsView, PayoutList, type PayoutView } from './earnings.schema.ts';
import { Earnings } from './earnings.ts';

@Controller('v1')
@Only('vendor')
export class EarningsController {
  constructor(private readonly earnings: Earnings) {}

  @Get('earnings')
  @ApiOkResponse({ standardSchema: EarningsView })
  earned(@CurrentCaller() caller: Caller): Promise<EarningsView> {
    return this.earnings.earnings(caller);
  }

  @Get('payouts')
  @ApiOkResponse({ standardSchema: PayoutList })
  async payouts(@CurrentCaller() caller: Caller): Promise<{ items: PayoutView[] }> {
    return { items: await this.earnings.payouts(caller) };
  }
}
