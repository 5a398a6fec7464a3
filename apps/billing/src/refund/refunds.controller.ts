/** /v1/refunds. */
import { Body, Controller, Get, Param, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiHeader, ApiOkResponse } from '@nestjs/swagger';
import { CurrentCaller, Only, type Caller } from '#platform/auth.ts';
import { IdempotencyKey } from '#platform/idempotency.ts';
import { NewRefund, RefundId, RefundList, RefundView } from './refunds.schema.ts';
import { Refunds } from './refunds.ts';

@Controller('v1/refunds')
@Only('buyer', 'vendor', 'operator')
export class RefundsController {
  constructor(private readonly refunds: Refunds) {}

  @Post()
  @Only('vendor', 'operator')
  @ApiHeader({ name: 'Idempotency-Key', required: false, description: 'repeat a request safely' })
  @ApiCreatedResponse({ standardSchema: RefundView })
  ask(
    @CurrentCaller() caller: Caller,
    @Body({ schema: NewRefund }) body: NewRefund,
    @IdempotencyKey() key?: string,
  ): Promise<RefundView> {
    return this.refunds.ask(caller, body, key);
  }

  @Get()
  @ApiOkResponse({ standardSchema: RefundList })
  async list(@CurrentCaller() caller: Caller): Promise<{ items: RefundView[] }> {
    return { items: await this.refunds.list(caller) };
  }

  @Get(':id')
  @ApiOkResponse({ standardSchema: RefundView })
  get(@CurrentCaller() caller: Caller, @Param('id', { schema: RefundId }) id: string): Promise<RefundView> {
    return this.refunds.get(caller, id);
  }
}
