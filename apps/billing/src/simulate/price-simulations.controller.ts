/** POST /v1/price-simulations. */
import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import { CurrentCaller, Only, type Caller } from '#platform/auth.ts';
import { NewPriceSimulation, PriceSimulationView } from './price-simulations.schema.ts';
import { PriceSimulations } from './price-simulations.ts';

@Controller('v1/price-simulations')
@Only('vendor')
export class PriceSimulationsController {
  constructor(private readonly simulations: PriceSimulations) {}

  @Post()
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: PriceSimulationView })
  run(
    @CurrentCaller() caller: Caller,
    @Body({ schema: NewPriceSimulation }) body: NewPriceSimulation,
  ): Promise<PriceSimulationView> {
    return this.simulations.run(caller, body);
  }
}
