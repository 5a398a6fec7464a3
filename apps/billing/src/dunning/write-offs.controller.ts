/** /v1/write-offs: the operator gives an invoice up. */
import { Body, Controller, Get, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiHeader, ApiOkResponse } from '@nestjs/swagger';
import { CurrentCaller, Only, type Caller } from '#platform/auth.ts';
import { IdempotencyKey } from '#platform/idempotency.ts';
import { NewWriteOff, WriteOffList, WriteOffView } from './write-offs.schema.ts';
import { WriteOffs } from './write-offs.ts';

@Controller('v1/write-offs')
@Only('operator', 'auditor')
export class WriteOffsController {
  constructor(private readonly writeOffs: WriteOffs) {}

  @Post()
  @Only('operator')
  @ApiHeader({ name: 'Idempotency-Key', required: false, description: 'repeat a request safely' })
  @ApiCreatedResponse({ standardSchema: WriteOffView })
  write(
    @CurrentCaller() caller: Caller,
    @Body({ schema: NewWriteOff }) body: NewWriteOff,
    @IdempotencyKey() key?: string,
  ): Promise<WriteOffView> {
    return this.writeOffs.write(caller, body, key);
  }

  @Get()
  @ApiOkResponse({ standardSchema: WriteOffList })
  async list(): Promise<{ items: WriteOffView[] }> {
    return { items: await this.writeOffs.list() };
  }
}
