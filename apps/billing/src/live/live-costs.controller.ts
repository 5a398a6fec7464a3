/** GET /v1/live-costs/:subscriptionId. */
import { Controller, Get, Param } from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import { CurrentCaller, Only, type Caller } from '#platform/auth.ts';
import { LiveCostView, SubscriptionId } from './live-costs.schema.ts';
import { LiveCosts } from './live-costs.ts';

@Controller('v1/live-costs')
@Only('buyer', 'operator')
export class LiveCostsController {
  constructor(private readonly costs: LiveCosts) {}

  @Get(':subscriptionId')
  @ApiOkResponse({ standardSchema: LiveCostView })
  of(
    @CurrentCaller() caller: Caller,
    @Param('subscriptionId', { schema: SubscriptionId }) subscriptionId: string,
  ): Promise<LiveCostView> {
    return this.costs.of(caller, subscriptionId);
  }
}
