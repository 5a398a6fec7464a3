/** /v1/billing-details: a buyer's own. /v1/payment-terms: the operator's to set. */
import { Body, Controller, Get, Param, Put } from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import { CurrentCaller, Only, type Caller } from '#platform/auth.ts';
import { BillingDetailsView, BuyerId, NewBillingDetails, NewPaymentTerms, PaymentTermsView } from './billing-details.schema.ts';
import { BillingDetails } from './billing-details.ts';

@Controller('v1/billing-details')
@Only('buyer')
export class BillingDetailsController {
  constructor(private readonly details: BillingDetails) {}

  @Get()
  @ApiOkResponse({ standardSchema: BillingDetailsView })
  get(@CurrentCaller() caller: Caller): Promise<BillingDetailsView> {
    return this.details.get(caller);
  }

  @Put()
  @ApiOkResponse({ standardSchema: BillingDetailsView })
  put(
    @CurrentCaller() caller: Caller,
    @Body({ schema: NewBillingDetails }) body: NewBillingDetails,
  ): Promise<BillingDetailsView> {
    return this.details.put(caller, body);
  }
}

@Controller('v1/payment-terms')
@Only('operator')
export class PaymentTermsController {
  constructor(private readonly details: BillingDetails) {}

  @Get(':buyerId')
  @ApiOkResponse({ standardSchema: PaymentTermsView })
  get(@Param('buyerId', { schema: BuyerId }) buyerId: string): Promise<PaymentTermsView> {
    return this.details.termsOf(buyerId);
  }

  @Put(':buyerId')
  @ApiOkResponse({ standardSchema: PaymentTermsView })
  put(
    @CurrentCaller() caller: Caller,
    @Param('buyerId', { schema: BuyerId }) buyerId: string,
    @Body({ schema: NewPaymentTerms }) body: NewPaymentTerms,
  ): Promise<PaymentTermsView> {
    return this.details.setTerms(caller, buyerId, body);
  }
}
