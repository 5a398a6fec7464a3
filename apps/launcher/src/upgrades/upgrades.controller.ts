/** /v1/upgrades. */
import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse } from '@nestjs/swagger';
import { CurrentCaller, Only, type Caller } from '#platform/auth.ts';
import { Id } from '../instances/instances.schema.ts';
import { NewUpgrade, UpgradeList, UpgradeQuery, UpgradeView } from './upgrades.schema.ts';
import { Upgrades } from './upgrades.ts';

@Controller('v1/upgrades')
@Only('buyer')
export class UpgradesController {
  constructor(private readonly upgrades: Upgrades) {}

  @Post()
  @ApiCreatedResponse({ standardSchema: UpgradeView })
  upgrade(@CurrentCaller() caller: Caller, @Body({ schema: NewUpgrade }) body: NewUpgrade): Promise<UpgradeView> {
    return this.upgrades.upgrade(caller, body);
  }

  @Get()
  @ApiOkResponse({ standardSchema: UpgradeList })
  async list(
    @CurrentCaller() caller: Caller,
    @Query({ schema: UpgradeQuery }) query: UpgradeQuery,
  ): Promise<{ items: UpgradeView[] }> {
    return { items: await this.upgrades.list(caller, query) };
  }

  @Get(':id')
  @ApiOkResponse({ standardSchema: UpgradeView })
  get(@CurrentCaller() caller: Caller, @Param('id', { schema: Id }) id: string): Promise<UpgradeView> {
    return this.upgrades.get(caller, id);
  }
}
