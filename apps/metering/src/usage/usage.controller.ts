/** GET /v1/usage: what was accepted. Usage is reported on the AWS wire, POST /. */
import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import { CurrentCaller, Only, type Caller } from '#platform/auth.ts';
import { UsageQuery, UsageView } from './usage.schema.ts';
import { Usage } from './usage.ts';

@Controller('v1/usage')
@Only('buyer', 'vendor', 'operator')
export class UsageController {
  constructor(private readonly usage: Usage) {}

  @Get()
  @ApiOkResponse({ standardSchema: UsageView })
  list(@CurrentCaller() caller: Caller, @Query({ schema: UsageQuery }) query: UsageQuery): Promise<UsageView> {
    return this.usage.list(caller, query);
  }
}
