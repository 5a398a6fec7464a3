/** /v1/invoices. */
import { Controller, Get, HttpCode, Param, Post, type StreamableFile } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiProduces } from '@nestjs/swagger';
import { CurrentCaller, Only, type Caller } from '#platform/auth.ts';
import { CSV, download, PDF } from '../documents/download.ts';
import { pdfOf } from '../documents/pdf.ts';
import { invoiceCsv, invoiceDocument } from './invoice-document.ts';
import { InvoiceId, InvoiceList, InvoiceView, type InvoiceSummary } from './invoices.schema.ts';
import { Invoices } from './invoices.ts';

@Controller('v1/invoices')
@Only('buyer', 'operator', 'auditor')
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

  @Post(':id/payments')
  @Only('buyer')
  @HttpCode(202)
  @ApiAcceptedResponse({ standardSchema: InvoiceView, description: 'it is charged to the payment method now' })
  pay(@CurrentCaller() caller: Caller, @Param('id', { schema: InvoiceId }) id: string): Promise<InvoiceView> {
    return this.invoices.pay(caller, id);
  }

  @Get(':id/pdf')
  @ApiProduces(PDF)
  @ApiOkResponse({
    description: 'the invoice as it was sent; the same bytes each time',
    schema: { type: 'string', format: 'binary' },
  })
  async pdf(@CurrentCaller() caller: Caller, @Param('id', { schema: InvoiceId }) id: string): Promise<StreamableFile> {
    const invoice = await this.invoices.get(caller, id);
    return download(await pdfOf(invoiceDocument(invoice)), { type: PDF, name: `${invoice.number}.pdf` });
  }

  @Get(':id/csv')
  @ApiProduces(CSV)
  @ApiOkResponse({ description: 'a line for each line of the invoice', schema: { type: 'string' } })
  async csv(@CurrentCaller() caller: Caller, @Param('id', { schema: InvoiceId }) id: string): Promise<StreamableFile> {
    const invoice = await this.invoices.get(caller, id);
    return download(invoiceCsv(invoice), { type: CSV, name: `${invoice.number}.csv` });
  }
}
