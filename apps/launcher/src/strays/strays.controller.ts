/** GET /v1/strays. */
import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import { CurrentCaller, Only, type Caller } from '#platform/auth.ts';
import { StrayList, StrayQuery, type StrayView } from './strays.schema.ts';
import { Strays } from './strays.ts';

@Controller('v1/strays')
@Only('buyer', 'operator')
export class StraysController {
  constructor(private readonly strays: Strays) {}

  @Get()
  @ApiOkResponse({ standardSchema: StrayList })
  async list(@CurrentCaller() caller: Caller, @Query({ schema: StrayQuery }) query: StrayQuery): Promise<{ items: StrayView[] }> {
    return { items: await this.strays.list(caller, query) };
  }
}
