/** /v1/vendor-keys: access keys for the AWS metering wire. */
import { Controller, Delete, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse } from '@nestjs/swagger';
import { CurrentCaller, Only, type Caller } from '#platform/auth.ts';
import { AccessKeyId, NewVendorKey, VendorKeyList, type VendorKeyView } from './vendor-keys.schema.ts';
import { VendorKeys } from './vendor-keys.ts';

@Controller('v1/vendor-keys')
@Only('vendor')
export class VendorKeysController {
  constructor(private readonly keys: VendorKeys) {}

  @Post()
  @ApiCreatedResponse({ standardSchema: NewVendorKey })
  create(@CurrentCaller() caller: Caller): Promise<NewVendorKey> {
    return this.keys.create(caller);
  }

  @Get()
  @ApiOkResponse({ standardSchema: VendorKeyList })
  async list(@CurrentCaller() caller: Caller): Promise<{ items: VendorKeyView[] }> {
    return { items: await this.keys.list(caller) };
  }

  @Delete(':accessKeyId')
  @HttpCode(204)
  @ApiNoContentResponse()
  async revoke(
    @CurrentCaller() caller: Caller,
    @Param('accessKeyId', { schema: AccessKeyId }) accessKeyId: string,
  ): Promise<void> {
    await this.keys.revoke(caller, accessKeyId);
  }
}
