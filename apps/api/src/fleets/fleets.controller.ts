/** /v1/fleets. */
import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiHeader, ApiOkResponse } from '@nestjs/swagger';
import { CurrentCaller, Only, type Caller } from '#platform/auth.ts';
import { IdempotencyKey } from '#platform/idempotency.ts';
import { Id } from '../products/products.schema.ts';
import { FleetChange, FleetList, FleetMachineList, FleetView, NewFleet, type FleetMachineView } from './fleets.schema.ts';
import { Fleets } from './fleets.ts';

@Controller('v1/fleets')
@Only('buyer')
export class FleetsController {
  constructor(private readonly fleets: Fleets) {}

  @Post()
  @ApiHeader({
    name: 'Idempotency-Key',
    required: false,
    description: 'the same key is the same fleet, however often it is asked for',
  })
  @ApiCreatedResponse({ standardSchema: FleetView })
  create(
    @CurrentCaller() caller: Caller,
    @Body({ schema: NewFleet }) body: NewFleet,
    @IdempotencyKey() key?: string,
  ): Promise<FleetView> {
    return this.fleets.create(caller, body, key);
  }

  @Get()
  @ApiOkResponse({ standardSchema: FleetList })
  async list(@CurrentCaller() caller: Caller): Promise<{ items: FleetView[] }> {
    return { items: await this.fleets.list(caller) };
  }

  @Get(':id')
  @ApiOkResponse({ standardSchema: FleetView })
  get(@CurrentCaller() caller: Caller, @Param('id', { schema: Id }) id: string): Promise<FleetView> {
    return this.fleets.get(caller, id);
  }

  @Get(':id/machines')
  @ApiOkResponse({ standardSchema: FleetMachineList })
  async machines(
    @CurrentCaller() caller: Caller,
    @Param('id', { schema: Id }) id: string,
  ): Promise<{ items: FleetMachineView[] }> {
    return { items: await this.fleets.machines(caller, id) };
  }

  @Patch(':id')
  @ApiOkResponse({ standardSchema: FleetView })
  change(
    @CurrentCaller() caller: Caller,
    @Param('id', { schema: Id }) id: string,
    @Body({ schema: FleetChange }) body: FleetChange,
  ): Promise<FleetView> {
    return this.fleets.change(caller, id, body);
  }

  @Post(':id/wake')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: FleetView })
  wake(@CurrentCaller() caller: Caller, @Param('id', { schema: Id }) id: string): Promise<FleetView> {
    return this.fleets.wake(caller, id);
  }

  @Delete(':id')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: FleetView })
  end(@CurrentCaller() caller: Caller, @Param('id', { schema: Id }) id: string): Promise<FleetView> {
    return this.fleets.end(caller, id);
  }
}
