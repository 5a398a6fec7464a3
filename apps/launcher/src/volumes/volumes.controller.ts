/** /v1/volumes. */
import { Body, Controller, Delete, Get, HttpCode, Param, Put, Query } from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import { CurrentCaller, Only, type Caller } from '#platform/auth.ts';
import { Id } from '../instances/instances.schema.ts';
import { Release, VolumeList, VolumeQuery, VolumeView } from './volumes.schema.ts';
import { Volumes } from './volumes.ts';

@Controller('v1/volumes')
@Only('buyer')
export class VolumesController {
  constructor(private readonly volumes: Volumes) {}

  @Get()
  @ApiOkResponse({ standardSchema: VolumeList })
  async list(
    @CurrentCaller() caller: Caller,
    @Query({ schema: VolumeQuery }) query: VolumeQuery,
  ): Promise<{ items: VolumeView[] }> {
    return { items: await this.volumes.list(caller, query) };
  }

  @Get(':id')
  @ApiOkResponse({ standardSchema: VolumeView })
  get(@CurrentCaller() caller: Caller, @Param('id', { schema: Id }) id: string): Promise<VolumeView> {
    return this.volumes.get(caller, id);
  }

  @Put(':id/release')
  @ApiOkResponse({ standardSchema: VolumeView })
  release(
    @CurrentCaller() caller: Caller,
    @Param('id', { schema: Id }) id: string,
    @Body({ schema: Release }) body: Release,
  ): Promise<VolumeView> {
    return this.volumes.release(caller, id, body);
  }

  @Delete(':id')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: VolumeView })
  delete(@CurrentCaller() caller: Caller, @Param('id', { schema: Id }) id: string): Promise<VolumeView> {
    return this.volumes.delete(caller, id);
  }
}
