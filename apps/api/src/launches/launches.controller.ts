/** /v1/launches. */
import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiHeader, ApiOkResponse } from '@nestjs/swagger';
import { CurrentCaller, Only, type Caller } from '#platform/auth.ts';
import { IdempotencyKey } from '#platform/idempotency.ts';
import { Id } from '../products/products.schema.ts';
import { Desired, Ending, EndingQuery, LaunchList, LaunchView, NewLaunch, SnapshotSchedule } from './launches.schema.ts';
import { Launches } from './launches.ts';

@Controller('v1/launches')
@Only('buyer')
export class LaunchesController {
  constructor(private readonly launches: Launches) {}

  @Post()
  @ApiHeader({ name: 'Idempotency-Key', required: false, description: 'repeat a request safely' })
  @ApiCreatedResponse({ standardSchema: LaunchView })
  launch(
    @CurrentCaller() caller: Caller,
    @Body({ schema: NewLaunch }) body: NewLaunch,
    @IdempotencyKey() key?: string,
  ): Promise<LaunchView> {
    return this.launches.launch(caller, body, key);
  }

  @Get()
  @ApiOkResponse({ standardSchema: LaunchList })
  async list(@CurrentCaller() caller: Caller): Promise<{ items: LaunchView[] }> {
    return { items: await this.launches.list(caller) };
  }

  @Get(':id')
  @ApiOkResponse({ standardSchema: LaunchView })
  get(@CurrentCaller() caller: Caller, @Param('id', { schema: Id }) id: string): Promise<LaunchView> {
    return this.launches.get(caller, id);
  }

  @Put(':id/desired')
  @ApiOkResponse({ standardSchema: LaunchView })
  want(
    @CurrentCaller() caller: Caller,
    @Param('id', { schema: Id }) id: string,
    @Body({ schema: Desired }) body: Desired,
  ): Promise<LaunchView> {
    return this.launches.want(caller, id, body);
  }

  @Post(':id/reboots')
  @ApiCreatedResponse({ standardSchema: LaunchView })
  reboot(@CurrentCaller() caller: Caller, @Param('id', { schema: Id }) id: string): Promise<LaunchView> {
    return this.launches.reboot(caller, id);
  }

  @Put(':id/ending')
  @ApiOkResponse({ standardSchema: LaunchView })
  settleEnding(
    @CurrentCaller() caller: Caller,
    @Param('id', { schema: Id }) id: string,
    @Body({ schema: Ending }) body: Ending,
  ): Promise<LaunchView> {
    return this.launches.settleEnding(caller, id, body);
  }

  @Put(':id/snapshot-schedule')
  @ApiOkResponse({ standardSchema: LaunchView })
  schedule(
    @CurrentCaller() caller: Caller,
    @Param('id', { schema: Id }) id: string,
    @Body({ schema: SnapshotSchedule }) body: SnapshotSchedule,
  ): Promise<LaunchView> {
    return this.launches.schedule(caller, id, body);
  }

  @Delete(':id')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: LaunchView })
  terminate(
    @CurrentCaller() caller: Caller,
    @Param('id', { schema: Id }) id: string,
    @Query({ schema: EndingQuery }) ending: EndingQuery,
  ): Promise<LaunchView> {
    return this.launches.terminate(caller, id, ending);
  }
}
