/** /v1/snapshots, and those of a volume. How often they are taken by themselves is said under /v1/launches. */
import { Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse } from '@nestjs/swagger';
import { CurrentCaller, Only, type Caller } from '#platform/auth.ts';
import { Id } from '../instances/instances.schema.ts';
import { SnapshotList, SnapshotQuery, SnapshotView } from './snapshots.schema.ts';
import { Snapshots } from './snapshots.ts';

@Controller('v1')
@Only('buyer')
export class SnapshotsController {
  constructor(private readonly snapshots: Snapshots) {}

  @Get('snapshots')
  @ApiOkResponse({ standardSchema: SnapshotList })
  async list(
    @CurrentCaller() caller: Caller,
    @Query({ schema: SnapshotQuery }) query: SnapshotQuery,
  ): Promise<{ items: SnapshotView[] }> {
    return { items: await this.snapshots.list(caller, query) };
  }

  @Get('snapshots/:id')
  @ApiOkResponse({ standardSchema: SnapshotView })
  get(@CurrentCaller() caller: Caller, @Param('id', { schema: Id }) id: string): Promise<SnapshotView> {
    return this.snapshots.get(caller, id);
  }

  @Post('volumes/:id/snapshots')
  @ApiCreatedResponse({ standardSchema: SnapshotView })
  take(@CurrentCaller() caller: Caller, @Param('id', { schema: Id }) id: string): Promise<SnapshotView> {
    return this.snapshots.take(caller, id);
  }

  @Delete('snapshots/:id')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: SnapshotView })
  delete(@CurrentCaller() caller: Caller, @Param('id', { schema: Id }) id: string): Promise<SnapshotView> {
    return this.snapshots.delete(caller, id);
  }
}
