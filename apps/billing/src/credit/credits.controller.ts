/** /v1/credits. */
import { Body, Controller, Get, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiHeader, ApiOkResponse } from '@nestjs/swagger';
import { CurrentCaller, Only, type Caller } from '#platform/auth.ts';
import { IdempotencyKey } from '#platform/idempotency.ts';
import { CreditList, CreditView, NewCredit } from './credits.schema.ts';
import { Credits } from './credits.ts';

@Controller('v1/credits')
@Only('buyer', 'operator')
export class CreditsController {
  constructor(private readonly credits: Credits) {}

  @Post()
  @Only('operator')
  @ApiHeader({ name: 'Idempotency-Key', required: false, description: 'repeat a request safely' })
  @ApiCreatedResponse({ standardSchema: CreditView })
  grant(
    @CurrentCaller() caller: Caller,
    @Body({ schema: NewCredit }) body: NewCredit,
    @IdempotencyKey() key?: string,
  ): Promise<CreditView> {
    return this.credits.grant(caller, body, key);
  }

  @Get()
  @ApiOkResponse({ standardSchema: CreditList })
  async list(@CurrentCaller() caller: Caller): Promise<{ items: CreditView[] }> {
    return { items: await this.credits.list(caller) };
  }
}
