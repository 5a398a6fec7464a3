/** /v1/restores, and those of a volume. */
import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse } from '@nestjs/swagger';
import { CurrentCaller, Only, type Caller } from '#platform/auth.ts';
import { Id } from '../instances/instances.schema.ts';
import { NewRestore, RestoreList, RestoreQuery, RestoreView } from './restores.schema.ts';
import { Restores } from './restores.ts';

@Controller('v1')
@Only('buyer')
export class RestoresController {
  constructor(private readonly restores: Restores) {}

  @Post('volumes/:id/restores')
  @ApiCreatedResponse({ standardSchema: RestoreView })
  restore(
    @CurrentCaller() caller: Caller,
    @Param('id', { schema: Id }) id: string,
    @Body({ schema: NewRestore }) body: NewRestore,
  ): Promise<RestoreView> {
    return this.restores.restore(caller, id, body);
  }

  @Get('restores')
  @ApiOkResponse({ standardSchema: RestoreList })
  async list(
    @CurrentCaller() caller: Caller,
    @Query({ schema: RestoreQuery }) query: RestoreQuery,
  ): Promise<{ items: RestoreView[] }> {
    return { items: await this.restores.list(caller, query) };
  }

  @Get('restores/:id')
  @ApiOkResponse({ standardSchema: RestoreView })
  get(@CurrentCaller() caller: Caller, @Param('id', { schema: Id }) id: string): Promise<RestoreView> {
    return this.restores.get(caller, id);
  }
}
