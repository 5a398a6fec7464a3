/** /v1/subscriptions/:id/commitments. */
import { Body, Controller, Delete, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiHeader, ApiOkResponse } from '@nestjs/swagger';
import { CurrentCaller, Only, type Caller } from '#platform/auth.ts';
import { IdempotencyKey } from '#platform/idempotency.ts';
import { Id } from '../products/products.schema.ts';
import { AddedCommitment, CommitmentList, CommitmentView, NewCommitment } from './commitments.schema.ts';
import { Commitments } from './commitments.ts';

@Controller('v1/subscriptions/:id/commitments')
@Only('buyer')
export class CommitmentsController {
  constructor(private readonly commitments: Commitments) {}

  @Post()
  @ApiHeader({ name: 'Idempotency-Key', required: false, description: 'repeat a request safely' })
  @ApiCreatedResponse({ standardSchema: CommitmentView })
  make(
    @CurrentCaller() caller: Caller,
    @Param('id', { schema: Id }) id: string,
    @Body({ schema: NewCommitment }) body: NewCommitment,
    @IdempotencyKey() key?: string,
  ): Promise<CommitmentView> {
    return this.commitments.make(caller, id, body, key);
  }

  @Get()
  @Only('buyer', 'vendor')
  @ApiOkResponse({ standardSchema: CommitmentList })
  async list(@CurrentCaller() caller: Caller, @Param('id', { schema: Id }) id: string): Promise<{ items: CommitmentView[] }> {
    return { items: await this.commitments.list(caller, id) };
  }

  @Post(':commitmentId/additions')
  @ApiHeader({ name: 'Idempotency-Key', required: false, description: 'repeat a request safely' })
  @ApiCreatedResponse({ standardSchema: CommitmentView })
  add(
    @CurrentCaller() caller: Caller,
    @Param('id', { schema: Id }) id: string,
    @Param('commitmentId', { schema: Id }) commitmentId: string,
    @Body({ schema: AddedCommitment }) body: AddedCommitment,
    @IdempotencyKey() key?: string,
  ): Promise<CommitmentView> {
    return this.commitments.add(caller, { subscriptionId: id, commitmentId, ...body }, key);
  }

  @Delete(':commitmentId/renewal')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: CommitmentView })
  stopRenewal(
    @CurrentCaller() caller: Caller,
    @Param('id', { schema: Id }) id: string,
    @Param('commitmentId', { schema: Id }) commitmentId: string,
  ): Promise<CommitmentView> {
    return this.commitments.stopRenewal(caller, { subscriptionId: id, commitmentId });
  }
}
