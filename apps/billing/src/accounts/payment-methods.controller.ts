/** /v1/payment-method: a buyer's own. */
import { Body, Controller, Get, Put } from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import { CurrentCaller, Only, type Caller } from '#platform/auth.ts';
import { NewPaymentMethod, PaymentMethodView } from './payment-methods.schema.ts';
import { PaymentMethods } from './payment-methods.ts';

@Controller('v1/payment-method')
@Only('buyer')
export class PaymentMethodsController {
  constructor(private readonly paymentMethods: PaymentMethods) {}

  @Get()
  @ApiOkResponse({ standardSchema: PaymentMethodView })
  get(@CurrentCaller() caller: Caller): Promise<PaymentMethodView> {
    return this.paymentMethods.get(caller);
  }

  @Put()
  @ApiOkResponse({ standardSchema: PaymentMethodView })
  put(@CurrentCaller() caller: Caller, @Body({ schema: NewPaymentMethod }) body: NewPaymentMethod): Promise<PaymentMethodView> {
    return this.paymentMethods.put(caller, body);
  }
}
