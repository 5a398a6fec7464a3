/** /v1/statements: a vendor's own months. */
import { Controller, Get, Param, type StreamableFile } from '@nestjs/common';
import { ApiOkResponse, ApiProduces } from '@nestjs/swagger';
import { CurrentCaller, Only, type Caller } from '#platform/auth.ts';
import { CSV, download, PDF } from '../documents/download.ts';
import { pdfOf } from '../documents/pdf.ts';
import { statementCsv, statementDocument } from './statement-document.ts';
import { StatementCurrency, StatementList, StatementPeriod, StatementView } from './statements.schema.ts';
import { Statements } from './statements.ts';

@Controller('v1/statements')
@Only('vendor')
export class StatementsController {
  constructor(private readonly statements: Statements) {}

  @Get()
  @ApiOkResponse({ standardSchema: StatementList })
  list(@CurrentCaller() caller: Caller): Promise<StatementList> {
    return this.statements.list(caller);
  }

  @Get(':period/:currency')
  @ApiOkResponse({ standardSchema: StatementView })
  get(
    @CurrentCaller() caller: Caller,
    @Param('period', { schema: StatementPeriod }) period: string,
    @Param('currency', { schema: StatementCurrency }) currency: string,
  ): Promise<StatementView> {
    return this.statements.get(caller, period, currency);
  }

  @Get(':period/:currency/pdf')
  @ApiProduces(PDF)
  @ApiOkResponse({ description: 'the statement to print', schema: { type: 'string', format: 'binary' } })
  async pdf(
    @CurrentCaller() caller: Caller,
    @Param('period', { schema: StatementPeriod }) period: string,
    @Param('currency', { schema: StatementCurrency }) currency: string,
  ): Promise<StreamableFile> {
    const statement = await this.statements.get(caller, period, currency);
    return download(await pdfOf(statementDocument(statement)), { type: PDF, name: `statement-${period}-${currency}.pdf` });
  }

  @Get(':period/:currency/csv')
  @ApiProduces(CSV)
  @ApiOkResponse({ description: 'opening, a row for each entry, closing', schema: { type: 'string' } })
  async csv(
    @CurrentCaller() caller: Caller,
    @Param('period', { schema: StatementPeriod }) period: string,
    @Param('currency', { schema: StatementCurrency }) currency: string,
  ): Promise<StreamableFile> {
    const statement = await this.statements.get(caller, period, currency);
    return download(statementCsv(statement), { type: CSV, name: `statement-${period}-${currency}.csv` });
  }
}
