/** /v1/infrastructure-prices. */
import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiConsumes, ApiOkResponse } from '@nestjs/swagger';
import { Only } from '#platform/auth.ts';
import {
  ImportResult,
  InfrastructurePriceList,
  InfrastructurePriceQuery,
  PriceList,
  type InfrastructurePriceView,
} from './infrastructure-prices.schema.ts';
import { InfrastructurePrices } from './infrastructure-prices.ts';

@Controller('v1/infrastructure-prices')
export class InfrastructurePricesController {
  constructor(private readonly prices: InfrastructurePrices) {}

  /** All of a list or nothing of it. */
  @Post()
  @Only('operator')
  @HttpCode(200)
  @ApiConsumes('application/json', 'text/csv')
  @ApiOkResponse({ standardSchema: ImportResult })
  import(@Body({ schema: PriceList }) list: PriceList): Promise<ImportResult> {
    return this.prices.import(list);
  }

  @Get()
  @Only('buyer', 'vendor', 'operator')
  @ApiOkResponse({ standardSchema: InfrastructurePriceList })
  async list(
    @Query({ schema: InfrastructurePriceQuery }) query: InfrastructurePriceQuery,
  ): Promise<{ items: InfrastructurePriceView[] }> {
    return { items: await this.prices.list(query) };
  }
}
