/** /v1/fleet-upgrades. */
import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse } from '@nestjs/swagger';
import { CurrentCaller, Only, type Caller } from '#platform/auth.ts';
import { Id } from '../instances/instances.schema.ts';
import { NewFleetUpgrade, FleetUpgradeList, FleetUpgradeQuery, FleetUpgradeView } from './fleet-upgrades.schema.ts';
import { FleetUpgrades } from './fleet-upgrades.ts';

@Controller('v1/fleet-upgrades')
@Only('buyer')
export class FleetUpgradesController {
  constructor(private readonly upgrades: FleetUpgrades) {}

  @Post()
  @ApiCreatedResponse({ standardSchema: FleetUpgradeView })
  upgrade(@CurrentCaller() caller: Caller, @Body({ schema: NewFleetUpgrade }) body: NewFleetUpgrade): Promise<FleetUpgradeView> {
    return this.upgrades.upgrade(caller, body);
  }

  @Get()
  @ApiOkResponse({ standardSchema: FleetUpgradeList })
  async list(
    @CurrentCaller() caller: Caller,
    @Query({ schema: FleetUpgradeQuery }) query: FleetUpgradeQuery,
  ): Promise<{ items: FleetUpgradeView[] }> {
    return { items: await this.upgrades.list(caller, query) };
  }

  @Get(':id')
  @ApiOkResponse({ standardSchema: FleetUpgradeView })
  get(@CurrentCaller() caller: Caller, @Param('id', { schema: Id }) id: string): Promise<FleetUpgradeView> {
    return this.upgrades.get(caller, id);
  }
}
