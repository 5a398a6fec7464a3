/** /v1/payout-forecast: a vendor's own. */
import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import { CurrentCaller, Only, type Caller } from '#platform/auth.ts';
import { PayoutForecastView } from './payout-forecast.schema.ts';
import { PayoutForecast } from './payout-forecast.ts';

@Controller('v1/payout-forecast')
@Only('vendor')
export class PayoutForecastController {
  constructor(private readonly forecast: PayoutForecast) {}

  @Get()
  @ApiOkResponse({ standardSchema: PayoutForecastView })
  get(@CurrentCaller() caller: Caller): Promise<PayoutForecastView> {
    return this.forecast.get(caller);
  }
}
