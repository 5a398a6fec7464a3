/** /v1/credit-notes: the operator issues them, their buyer reads them. */
import { Body, Controller, Get, Param, Post, type StreamableFile } from '@nestjs/common';
import { ApiCreatedResponse, ApiHeader, ApiOkResponse, ApiProduces } from '@nestjs/swagger';
import { CurrentCaller, Only, type Caller } from '#platform/auth.ts';
import { IdempotencyKey } from '#platform/idempotency.ts';
import { CSV, download, PDF } from '../documents/download.ts';
import { pdfOf } from '../documents/pdf.ts';
import { creditNoteCsv, creditNoteDocument } from './credit-note-document.ts';
import { CreditNoteId, CreditNoteList, CreditNoteView, NewCreditNote } from './credit-notes.schema.ts';
import { CreditNotes } from './credit-notes.ts';

@Controller('v1/credit-notes')
@Only('buyer', 'operator', 'auditor')
export class CreditNotesController {
  constructor(private readonly notes: CreditNotes) {}

  @Post()
  @Only('operator')
  @ApiHeader({ name: 'Idempotency-Key', required: false, description: 'repeat a request safely' })
  @ApiCreatedResponse({ standardSchema: CreditNoteView })
  issue(
    @CurrentCaller() caller: Caller,
    @Body({ schema: NewCreditNote }) body: NewCreditNote,
    @IdempotencyKey() key?: string,
  ): Promise<CreditNoteView> {
    return this.notes.issue(caller, body, key);
  }

  @Get()
  @ApiOkResponse({ standardSchema: CreditNoteList })
  async list(@CurrentCaller() caller: Caller): Promise<{ items: CreditNoteView[] }> {
    return { items: await this.notes.list(caller) };
  }

  @Get(':id')
  @ApiOkResponse({ standardSchema: CreditNoteView })
  get(@CurrentCaller() caller: Caller, @Param('id', { schema: CreditNoteId }) id: string): Promise<CreditNoteView> {
    return this.notes.get(caller, id);
  }

  @Get(':id/pdf')
  @ApiProduces(PDF)
  @ApiOkResponse({ description: 'the note as it was sent', schema: { type: 'string', format: 'binary' } })
  async pdf(@CurrentCaller() caller: Caller, @Param('id', { schema: CreditNoteId }) id: string): Promise<StreamableFile> {
    const note = await this.notes.get(caller, id);
    return download(await pdfOf(creditNoteDocument(note)), { type: PDF, name: `${note.number}.pdf` });
  }

  @Get(':id/csv')
  @ApiProduces(CSV)
  @ApiOkResponse({ description: 'a line for each line that it is about', schema: { type: 'string' } })
  async csv(@CurrentCaller() caller: Caller, @Param('id', { schema: CreditNoteId }) id: string): Promise<StreamableFile> {
    const note = await this.notes.get(caller, id);
    return download(creditNoteCsv(note), { type: CSV, name: `${note.number}.csv` });
  }
}
