/** /v1/held-closes: months that wait for the operator. */
import { Body, Controller, Get, Param, Put, Query } from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import { CurrentCaller, Only, type Caller } from '#platform/auth.ts';
import { HeldCloseDecision, HeldCloseId, HeldCloseList, HeldCloseQuery, HeldCloseView } from './held-closes.schema.ts';
import { HeldCloses } from './held-closes.ts';

@Controller('v1/held-closes')
@Only('operator')
export class HeldClosesController {
  constructor(private readonly held: HeldCloses) {}

  @Get()
  @ApiOkResponse({ standardSchema: HeldCloseList })
  async list(@Query({ schema: HeldCloseQuery }) query: HeldCloseQuery): Promise<{ items: HeldCloseView[] }> {
    return { items: await this.held.list(query) };
  }

  @Put(':id/decision')
  @ApiOkResponse({ standardSchema: HeldCloseView })
  decide(
    @CurrentCaller() caller: Caller,
    @Param('id', { schema: HeldCloseId }) id: string,
    @Body({ schema: HeldCloseDecision }) body: HeldCloseDecision,
  ): Promise<HeldCloseView> {
    return this.held.decide(caller, id, body);
  }
}
