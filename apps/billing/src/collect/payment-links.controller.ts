/** /v1/invoices/:id/payment-link. */
import { Controller, Delete, Get, Param, Put } from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import { CurrentCaller, Only, type Caller } from '#platform/auth.ts';
import { LinkedInvoiceId, PaymentLinkView } from './payment-links.schema.ts';
import { PaymentLinks } from './payment-links.ts';

@Controller('v1/invoices/:id/payment-link')
@Only('buyer', 'operator')
export class PaymentLinksController {
  constructor(private readonly links: PaymentLinks) {}

  @Put()
  @ApiOkResponse({ standardSchema: PaymentLinkView, description: 'one for the invoice; the same again while it can be paid' })
  make(@CurrentCaller() caller: Caller, @Param('id', { schema: LinkedInvoiceId }) id: string): Promise<PaymentLinkView> {
    return this.links.make(caller, id);
  }

  @Get()
  @ApiOkResponse({ standardSchema: PaymentLinkView })
  get(@CurrentCaller() caller: Caller, @Param('id', { schema: LinkedInvoiceId }) id: string): Promise<PaymentLinkView> {
    return this.links.get(caller, id);
  }

  @Delete()
  @ApiOkResponse({ standardSchema: PaymentLinkView, description: 'nobody can pay there any more' })
  withdraw(@CurrentCaller() caller: Caller, @Param('id', { schema: LinkedInvoiceId }) id: string): Promise<PaymentLinkView> {
    return this.links.withdraw(caller, id);
  }
}
