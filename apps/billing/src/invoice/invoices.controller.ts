/** /v1/invoices. */
import { Controller, Get, Param } from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import { CurrentCaller, Only, type Caller } from '#platform/auth.ts';
import { InvoiceId, InvoiceList, InvoiceView, type InvoiceSummary } from './invoices.schema.ts';
import { Invoices } from './invoices.ts';

@Controller('v1/invoices')
@Only('buyer', 'operator')
export class InvoicesController {
  constructor(private readonly invoices: Invoices) {}

  @Get()
  @ApiOkResponse({ standardSchema: InvoiceList })
  async list(@CurrentCaller() caller: Caller): Promise<{ items: InvoiceSummary[] }> {
    return { items: await this.invoices.list(caller) };
  }

  @Get(':id')
  @ApiOkResponse({ standardSchema: InvoiceView })
  get(@CurrentCaller() caller: Caller, @Param('id', { schema: InvoiceId }) id: string): Promise<InvoiceView> {
    return this.invoices.get(caller, id);
  }
}
