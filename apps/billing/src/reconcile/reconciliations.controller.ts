/** /v1/reconciliations: our books beside Stripe's, every night and on demand. */
import { Body, Controller, Get, HttpCode, Param, Post, type StreamableFile } from '@nestjs/common';
import { ApiAcceptedResponse, ApiHeader, ApiOkResponse, ApiProduces } from '@nestjs/swagger';
import { CurrentCaller, Only, type Caller } from '#platform/auth.ts';
import { IdempotencyKey } from '#platform/idempotency.ts';
import { CSV } from '../documents/download.ts';
import { answer } from '../reports/report.ts';
import {
  NewReconciliation,
  ReconciliationDifference,
  ReconciliationId,
  ReconciliationList,
  ReconciliationView,
  type ReconciliationSummary,
} from './reconciliations.schema.ts';
import { Reconciliations } from './reconciliations.ts';

@Controller('v1/reconciliations')
@Only('operator', 'auditor')
export class ReconciliationsController {
  constructor(private readonly reconciliations: Reconciliations) {}

  @Post()
  @Only('operator')
  @HttpCode(202)
  @ApiHeader({ name: 'Idempotency-Key', required: false, description: 'repeat a request safely' })
  @ApiAcceptedResponse({ standardSchema: ReconciliationView, description: 'it is finished some time later' })
  ask(
    @CurrentCaller() caller: Caller,
    @Body({ schema: NewReconciliation }) body: NewReconciliation,
    @IdempotencyKey() key?: string,
  ): Promise<ReconciliationView> {
    return this.reconciliations.ask(caller, body, key);
  }

  @Get()
  @ApiOkResponse({ standardSchema: ReconciliationList })
  async list(): Promise<{ items: ReconciliationSummary[] }> {
    return { items: await this.reconciliations.list() };
  }

  @Get(':id')
  @ApiOkResponse({ standardSchema: ReconciliationView })
  get(@Param('id', { schema: ReconciliationId }) id: string): Promise<ReconciliationView> {
    return this.reconciliations.get(id);
  }

  @Get(':id/csv')
  @ApiProduces(CSV)
  @ApiOkResponse({ description: 'a line for each difference', schema: { type: 'string' } })
  async csv(@Param('id', { schema: ReconciliationId }) id: string): Promise<{ items: object[] } | StreamableFile> {
    const { differences } = await this.reconciliations.get(id);
    return answer('reconciliation', 'csv', ReconciliationDifference, differences);
  }
}
