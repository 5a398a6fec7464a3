/** /v1/usage/receipts and /v1/receipt-keys: signed receipts of accepted usage, and the keys to verify them by. */
import { Readable } from 'node:stream';
import { Controller, Get, Query, StreamableFile } from '@nestjs/common';
import { ApiOkResponse, ApiProduces } from '@nestjs/swagger';
import { CurrentCaller, Only, Public, type Caller } from '#platform/auth.ts';
import { ReceiptKeys } from './receipt-keys.ts';
import { ReceiptKeysView, ReceiptsExportQuery, ReceiptsQuery, ReceiptsView } from './receipts.schema.ts';
import { Receipts } from './receipts.ts';

const NDJSON = 'application/x-ndjson';

@Controller('v1')
@Only('buyer', 'vendor', 'operator')
export class ReceiptsController {
  constructor(
    private readonly receipts: Receipts,
    private readonly keys: ReceiptKeys,
  ) {}

  @Get('usage/receipts')
  @ApiOkResponse({ standardSchema: ReceiptsView })
  list(@CurrentCaller() caller: Caller, @Query({ schema: ReceiptsQuery }) query: ReceiptsQuery): Promise<ReceiptsView> {
    return this.receipts.list(caller, query);
  }

  @Get('usage/receipts.ndjson')
  @ApiProduces(NDJSON)
  @ApiOkResponse({ description: 'A receipt a line; the last line is the signed head of the chain', type: String })
  async export(
    @CurrentCaller() caller: Caller,
    @Query({ schema: ReceiptsExportQuery }) { subscriptionId }: ReceiptsExportQuery,
  ): Promise<StreamableFile> {
    return new StreamableFile(Readable.from(await this.receipts.export(caller, subscriptionId), { objectMode: false }), {
      type: NDJSON,
    });
  }

  @Get('receipt-keys')
  @Public()
  @ApiOkResponse({ standardSchema: ReceiptKeysView })
  listKeys(): ReceiptKeysView {
    return { items: [...this.keys.published] };
  }
}
