/** GET /v1/estimates. */
import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import { CurrentCaller, Public, type Caller } from '#platform/auth.ts';
import { EstimateQuery, EstimateView } from './estimates.schema.ts';
import { Estimates } from './estimates.ts';

@Controller('v1/estimates')
export class EstimatesController {
  constructor(private readonly estimates: Estimates) {}

  @Get()
  @Public()
  @ApiOkResponse({ standardSchema: EstimateView })
  estimate(
    @CurrentCaller() caller: Caller | undefined,
    @Query({ schema: EstimateQuery }) query: EstimateQuery,
  ): Promise<EstimateView> {
    return this.estimates.estimate(caller, query);
  }
}
