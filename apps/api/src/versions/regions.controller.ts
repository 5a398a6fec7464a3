/** /v1/versions/:id, and where it is offered. */
import { Body, Controller, Delete, Get, Param, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse } from '@nestjs/swagger';
import { CurrentCaller, Only, type Caller } from '#platform/auth.ts';
import { Id } from '../products/products.schema.ts';
import { NewRegions, Region, VersionView } from './versions.schema.ts';
import { Versions } from './versions.ts';

@Controller('v1/versions/:id')
@Only('vendor')
export class RegionsController {
  constructor(private readonly versions: Versions) {}

  @Get()
  @ApiOkResponse({ standardSchema: VersionView })
  get(@CurrentCaller() caller: Caller, @Param('id', { schema: Id }) id: string): Promise<VersionView> {
    return this.versions.get(caller, id);
  }

  @Post('regions')
  @ApiCreatedResponse({ standardSchema: VersionView })
  add(
    @CurrentCaller() caller: Caller,
    @Param('id', { schema: Id }) id: string,
    @Body({ schema: NewRegions }) body: NewRegions,
  ): Promise<VersionView> {
    return this.versions.addRegions(caller, id, body.regions);
  }

  @Delete('regions/:region')
  @ApiOkResponse({ standardSchema: VersionView })
  restrict(
    @CurrentCaller() caller: Caller,
    @Param('id', { schema: Id }) id: string,
    @Param('region', { schema: Region }) region: string,
  ): Promise<VersionView> {
    return this.versions.restrictRegion(caller, id, region);
  }
}
