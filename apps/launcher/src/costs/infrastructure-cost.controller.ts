/** GET /v1/infrastructure-cost. */
import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import { CurrentCaller, Only, type Caller } from '#platform/auth.ts';
import { InfrastructureCostQuery, InfrastructureCostView } from './infrastructure-cost.schema.ts';
import { InfrastructureCost } from './infrastructure-cost.ts';

@Controller('v1/infrastructure-cost')
@Only('buyer', 'operator')
export class InfrastructureCostController {
  constructor(private readonly cost: InfrastructureCost) {}

  @Get()
  @ApiOkResponse({ standardSchema: InfrastructureCostView })
  of(
    @CurrentCaller() caller: Caller,
    @Query({ schema: InfrastructureCostQuery }) query: InfrastructureCostQuery,
  ): Promise<InfrastructureCostView> {
    return this.cost.of(caller, query);
  }
}
