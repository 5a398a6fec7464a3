/** /v1/products/:id/versions. */
import { Body, Controller, Get, Param, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse } from '@nestjs/swagger';
import { CurrentCaller, Only, type Caller } from '#platform/auth.ts';
import { Id } from '../products/products.schema.ts';
import { NewVersion, VersionList, VersionView } from './versions.schema.ts';
import { Versions } from './versions.ts';

@Controller('v1/products/:id/versions')
@Only('vendor')
export class VersionsController {
  constructor(private readonly versions: Versions) {}

  @Post()
  @ApiCreatedResponse({ standardSchema: VersionView })
  submit(
    @CurrentCaller() caller: Caller,
    @Param('id', { schema: Id }) id: string,
    @Body({ schema: NewVersion }) body: NewVersion,
  ): Promise<VersionView> {
    return this.versions.submit(caller, id, body);
  }

  @Get()
  @ApiOkResponse({ standardSchema: VersionList })
  async list(@CurrentCaller() caller: Caller, @Param('id', { schema: Id }) id: string): Promise<{ items: VersionView[] }> {
    return { items: await this.versions.list(caller, id) };
  }
}
