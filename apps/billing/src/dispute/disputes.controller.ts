/** /v1/disputes and /v1/line-disputes. */
import { Body, Controller, Delete, Get, Param, Post, Put } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse } from '@nestjs/swagger';
import { CurrentCaller, Only, type Caller } from '#platform/auth.ts';
import {
  DisputeList,
  LineDecision,
  LineDisputeId,
  LineDisputeList,
  LineDisputeView,
  NewLineDispute,
  type DisputeView,
} from './disputes.schema.ts';
import { Disputes } from './disputes.ts';

@Controller('v1')
@Only('buyer', 'vendor', 'operator')
export class DisputesController {
  constructor(private readonly disputes: Disputes) {}

  @Get('disputes')
  @ApiOkResponse({ standardSchema: DisputeList })
  async atBanks(@CurrentCaller() caller: Caller): Promise<{ items: DisputeView[] }> {
    return { items: await this.disputes.atBanks(caller) };
  }

  @Post('line-disputes')
  @Only('buyer')
  @ApiCreatedResponse({ standardSchema: LineDisputeView })
  open(@CurrentCaller() caller: Caller, @Body({ schema: NewLineDispute }) body: NewLineDispute): Promise<LineDisputeView> {
    return this.disputes.open(caller, body);
  }

  @Get('line-disputes')
  @ApiOkResponse({ standardSchema: LineDisputeList })
  async list(@CurrentCaller() caller: Caller): Promise<{ items: LineDisputeView[] }> {
    return { items: await this.disputes.list(caller) };
  }

  @Put('line-disputes/:id/decision')
  @Only('vendor', 'operator')
  @ApiOkResponse({ standardSchema: LineDisputeView })
  decide(
    @CurrentCaller() caller: Caller,
    @Param('id', { schema: LineDisputeId }) id: string,
    @Body({ schema: LineDecision }) body: LineDecision,
  ): Promise<LineDisputeView> {
    return this.disputes.decide(caller, id, body);
  }

  @Delete('line-disputes/:id')
  @Only('buyer')
  @ApiOkResponse({ standardSchema: LineDisputeView })
  withdraw(@CurrentCaller() caller: Caller, @Param('id', { schema: LineDisputeId }) id: string): Promise<LineDisputeView> {
    return this.disputes.withdraw(caller, id);
  }
}
