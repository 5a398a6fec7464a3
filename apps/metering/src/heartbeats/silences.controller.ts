/** GET /v1/silences: machines that run and report nothing, for their buyer, their vendor and the operator. */
import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import { CurrentCaller, Only, type Caller } from '#platform/auth.ts';
import { SilenceList, SilenceQuery, type SilenceView } from './heartbeats.schema.ts';
import { Silences } from './silences.ts';

@Controller('v1/silences')
@Only('buyer', 'vendor', 'operator')
export class SilencesController {
  constructor(private readonly silences: Silences) {}

  @Get()
  @ApiOkResponse({ standardSchema: SilenceList })
  async list(
    @CurrentCaller() caller: Caller,
    @Query({ schema: SilenceQuery }) query: SilenceQuery,
  ): Promise<{ items: SilenceView[] }> {
    return { items: await this.silences.list(caller, query) };
  }
}
