/** GET /v1/vendor-key-uses: when the caller's keys last signed a request on the wire. */
import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import { CurrentCaller, Only, type Caller } from '#platform/auth.ts';
import { VendorKeyUses } from './key-use.schema.ts';
import { KeyUse } from './key-use.ts';

@Controller('v1/vendor-key-uses')
@Only('vendor')
export class KeyUseController {
  constructor(private readonly keyUse: KeyUse) {}

  @Get()
  @ApiOkResponse({ standardSchema: VendorKeyUses })
  list(@CurrentCaller() caller: Caller): Promise<VendorKeyUses> {
    return this.keyUse.list(caller);
  }
}
