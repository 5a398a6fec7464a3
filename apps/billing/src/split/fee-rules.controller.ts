/** /v1/fee-rules for the operator, /v1/fee-receipts for vendors too. */
import { Body, Controller, Get, Param, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiHeader, ApiOkResponse } from '@nestjs/swagger';
import { CurrentCaller, Only, type Caller } from '#platform/auth.ts';
import { IdempotencyKey } from '#platform/idempotency.ts';
import { FeeReceipts } from './fee-receipts.ts';
import {
  FeeReceiptView,
  FeeRuleId,
  FeeRuleList,
  FeeRuleView,
  NewFeeRule,
  NewFeeRuleVersion,
  ReceiptId,
} from './fee-rules.schema.ts';
import { FeeRules } from './fee-rules.ts';

@Controller('v1')
@Only('operator')
export class FeeRulesController {
  constructor(
    private readonly rules: FeeRules,
    private readonly receipts: FeeReceipts,
  ) {}

  @Post('fee-rules')
  @ApiHeader({ name: 'Idempotency-Key', required: false, description: 'repeat a request safely' })
  @ApiCreatedResponse({ standardSchema: FeeRuleView })
  add(
    @CurrentCaller() caller: Caller,
    @Body({ schema: NewFeeRule }) body: NewFeeRule,
    @IdempotencyKey() key?: string,
  ): Promise<FeeRuleView> {
    return this.rules.add(caller, body, key);
  }

  @Post('fee-rules/:id/versions')
  @ApiHeader({ name: 'Idempotency-Key', required: false, description: 'repeat a request safely' })
  @ApiCreatedResponse({ standardSchema: FeeRuleView })
  addVersion(
    @CurrentCaller() caller: Caller,
    @Param('id', { schema: FeeRuleId }) id: string,
    @Body({ schema: NewFeeRuleVersion }) body: NewFeeRuleVersion,
    @IdempotencyKey() key?: string,
  ): Promise<FeeRuleView> {
    return this.rules.addVersion(caller, id, body, key);
  }

  @Get('fee-rules')
  @ApiOkResponse({ standardSchema: FeeRuleList })
  list(): Promise<FeeRuleList> {
    return this.rules.list();
  }

  @Get('fee-receipts/:id')
  @Only('vendor', 'operator')
  @ApiOkResponse({ standardSchema: FeeReceiptView, description: 'by the id of an invoice line, or of the charge that it is for' })
  receipt(@CurrentCaller() caller: Caller, @Param('id', { schema: ReceiptId }) id: string): Promise<FeeReceiptView> {
    return this.receipts.get(caller, id);
  }
}
