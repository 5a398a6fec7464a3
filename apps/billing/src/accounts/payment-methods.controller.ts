/** /v1/payment-method. */
import { Body, Controller, Get, Put } from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import { CurrentCaller, Only, type Caller } from '#platform/auth.ts';
import { NewPaymentMethod, PaymentMethodView } from './payment-methods.schema.ts';
import { PaymentMethods } from './payment-methods.ts';

@Controller('v1/payment-method')
@Only('buyer')
export class PaymentMethodsController {
  constructor(private readonly methods: PaymentMethods) {}

  @Get()
  @ApiOkResponse({ standardSchema: PaymentMethodView })
  get(@CurrentCaller() caller: Caller): Promise<PaymentMethodView> {
    return this.methods.get(caller);
  }

  @Put()
  @ApiOkResponse({ standardSchema: PaymentMethodView })
  set(@CurrentCaller() caller: Caller, @Body({ schema: NewPaymentMethod }) body: NewPaymentMethod): Promise<PaymentMethodView> {
    return this.methods.set(caller, body);
  }
}
