/** /v1/offers/:id/price-versions. */
import { Body, Controller, Delete, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse } from '@nestjs/swagger';
import { CurrentCaller, Only, type Caller } from '#platform/auth.ts';
import { Id } from '../products/products.schema.ts';
import { NewPriceVersion, PriceVersionList, PriceVersionView } from './price-versions.schema.ts';
import { PriceVersions } from './price-versions.ts';

@Controller('v1/offers/:id/price-versions')
@Only('vendor')
export class PriceVersionsController {
  constructor(private readonly versions: PriceVersions) {}

  @Post()
  @ApiCreatedResponse({ standardSchema: PriceVersionView })
  change(
    @CurrentCaller() caller: Caller,
    @Param('id', { schema: Id }) id: string,
    @Body({ schema: NewPriceVersion }) body: NewPriceVersion,
  ): Promise<PriceVersionView> {
    return this.versions.change(caller, id, body);
  }

  @Get()
  @ApiOkResponse({ standardSchema: PriceVersionList })
  async list(@CurrentCaller() caller: Caller, @Param('id', { schema: Id }) id: string): Promise<{ items: PriceVersionView[] }> {
    return { items: await this.versions.list(caller, id) };
  }

  @Delete(':versionId')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: PriceVersionView })
  withdraw(
    @CurrentCaller() caller: Caller,
    @Param('id', { schema: Id }) id: string,
    @Param('versionId', { schema: Id }) versionId: string,
  ): Promise<PriceVersionView> {
    return this.versions.withdraw(caller, id, versionId);
  }
}
