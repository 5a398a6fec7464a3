/** /v1/usage-corrections: a vendor proposes, somebody else decides, both sides see it. */
import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiHeader, ApiOkResponse } from '@nestjs/swagger';
import { z } from 'zod';
import { CurrentCaller, Only, type Caller } from '#platform/auth.ts';
import { IdempotencyKey } from '#platform/idempotency.ts';
import {
  CorrectionDecision,
  CorrectionQuery,
  NewUsageCorrection,
  UsageCorrectionList,
  UsageCorrectionView,
} from './corrections.schema.ts';
import { Corrections } from './corrections.ts';

const Id = z.uuid();

@Controller('v1/usage-corrections')
@Only('buyer', 'vendor', 'operator')
export class CorrectionsController {
  constructor(private readonly corrections: Corrections) {}

  @Post()
  @Only('vendor')
  @ApiHeader({ name: 'Idempotency-Key', required: false, description: 'repeat a request safely' })
  @ApiCreatedResponse({ standardSchema: UsageCorrectionView })
  propose(
    @CurrentCaller() caller: Caller,
    @Body({ schema: NewUsageCorrection }) body: NewUsageCorrection,
    @IdempotencyKey() key?: string,
  ): Promise<UsageCorrectionView> {
    return this.corrections.propose(caller, body, key);
  }

  @Get()
  @ApiOkResponse({ standardSchema: UsageCorrectionList })
  async list(
    @CurrentCaller() caller: Caller,
    @Query({ schema: CorrectionQuery }) query: CorrectionQuery,
  ): Promise<{ items: UsageCorrectionView[] }> {
    return { items: await this.corrections.list(caller, query) };
  }

  @Get(':id')
  @ApiOkResponse({ standardSchema: UsageCorrectionView })
  get(@CurrentCaller() caller: Caller, @Param('id', { schema: Id }) id: string): Promise<UsageCorrectionView> {
    return this.corrections.get(caller, id);
  }

  @Put(':id/decision')
  @ApiOkResponse({ standardSchema: UsageCorrectionView })
  decide(
    @CurrentCaller() caller: Caller,
    @Param('id', { schema: Id }) id: string,
    @Body({ schema: CorrectionDecision }) body: CorrectionDecision,
  ): Promise<UsageCorrectionView> {
    return this.corrections.decide(caller, id, body);
  }

  @Delete(':id')
  @Only('vendor')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: UsageCorrectionView })
  withdraw(@CurrentCaller() caller: Caller, @Param('id', { schema: Id }) id: string): Promise<UsageCorrectionView> {
    return this.corrections.withdraw(caller, id);
  }
}
