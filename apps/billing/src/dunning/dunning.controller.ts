/** GET /v1/dunning. */
import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import { CurrentCaller, Only, type Caller } from '#platform/auth.ts';
import { OverdueList, type OverdueBuyer } from './dunning.schema.ts';
import { Dunning } from './dunning.ts';

@Controller('v1/dunning')
@Only('buyer', 'operator', 'auditor')
export class DunningController {
  constructor(private readonly dunning: Dunning) {}

  @Get()
  @ApiOkResponse({ standardSchema: OverdueList })
  async list(@CurrentCaller() caller: Caller): Promise<{ items: OverdueBuyer[] }> {
    return { items: await this.dunning.list(caller) };
  }
}
