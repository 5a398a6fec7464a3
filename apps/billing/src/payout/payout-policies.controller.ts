/** /v1/payout-policy for vendors, /v1/payout-policies and /v1/payout-approvals for the operator. */
import { Body, Controller, Get, Param, Post, Put } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse } from '@nestjs/swagger';
import { CurrentCaller, Only, type Caller } from '#platform/auth.ts';
import { PayoutApprovals } from './payout-approvals.ts';
import {
  AskForPayout,
  LargePayoutList,
  LargePayoutView,
  NewPayoutPolicy,
  OwnPayoutPolicy,
  PayoutDecision,
  PayoutId,
  PayoutPolicyView,
  VendorId,
} from './payout-policies.schema.ts';
import { PayoutPolicies } from './payout-policies.ts';

@Controller('v1')
@Only('operator')
export class PayoutPoliciesController {
  constructor(
    private readonly policies: PayoutPolicies,
    private readonly approvals: PayoutApprovals,
  ) {}

  @Get('payout-policy')
  @Only('vendor')
  @ApiOkResponse({ standardSchema: PayoutPolicyView })
  own(@CurrentCaller() caller: Caller): Promise<PayoutPolicyView> {
    return this.policies.get(caller.organizationId);
  }

  @Put('payout-policy')
  @Only('vendor')
  @ApiOkResponse({ standardSchema: PayoutPolicyView })
  setOwn(@CurrentCaller() caller: Caller, @Body({ schema: OwnPayoutPolicy }) body: OwnPayoutPolicy): Promise<PayoutPolicyView> {
    return this.policies.set(caller, caller.organizationId, body);
  }

  @Get('payout-policies/:vendorId')
  @ApiOkResponse({ standardSchema: PayoutPolicyView })
  of(@Param('vendorId', { schema: VendorId }) vendorId: string): Promise<PayoutPolicyView> {
    return this.policies.get(vendorId);
  }

  @Put('payout-policies/:vendorId')
  @ApiOkResponse({ standardSchema: PayoutPolicyView })
  set(
    @CurrentCaller() caller: Caller,
    @Param('vendorId', { schema: VendorId }) vendorId: string,
    @Body({ schema: NewPayoutPolicy }) body: NewPayoutPolicy,
  ): Promise<PayoutPolicyView> {
    return this.policies.set(caller, vendorId, body);
  }

  @Get('payout-approvals')
  @ApiOkResponse({ standardSchema: LargePayoutList })
  async large(): Promise<{ items: LargePayoutView[] }> {
    return { items: await this.approvals.list() };
  }

  @Post('payout-approvals')
  @ApiCreatedResponse({ standardSchema: LargePayoutView })
  ask(@CurrentCaller() caller: Caller, @Body({ schema: AskForPayout }) body: AskForPayout): Promise<LargePayoutView> {
    return this.approvals.ask(caller, body);
  }

  @Put('payout-approvals/:payoutId/decision')
  @ApiOkResponse({ standardSchema: LargePayoutView })
  decide(
    @CurrentCaller() caller: Caller,
    @Param('payoutId', { schema: PayoutId }) payoutId: string,
    @Body({ schema: PayoutDecision }) body: PayoutDecision,
  ): Promise<LargePayoutView> {
    return this.approvals.decide(caller, payoutId, body);
  }
}
