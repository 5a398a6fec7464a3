/** /v1/products/:id/keys: with which RegisterUsage vouches for the product's running copies. */
import { Controller, Get, Param, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse } from '@nestjs/swagger';
import { CurrentCaller, Only, type Caller } from '#platform/auth.ts';
import { ProductKeyList, ProductKeyView } from './product-keys.schema.ts';
import { ProductKeys } from './product-keys.ts';
import { Id } from './products.schema.ts';

@Controller('v1/products/:id/keys')
@Only('vendor')
export class ProductKeysController {
  constructor(private readonly keys: ProductKeys) {}

  @Get()
  @ApiOkResponse({ standardSchema: ProductKeyList })
  async list(@CurrentCaller() caller: Caller, @Param('id', { schema: Id }) id: string): Promise<{ items: ProductKeyView[] }> {
    return { items: await this.keys.list(caller, id) };
  }

  /** The older versions keep signing for software that asks for them; their answers say since when there is a newer one. */
  @Post()
  @ApiCreatedResponse({ standardSchema: ProductKeyView })
  rotate(@CurrentCaller() caller: Caller, @Param('id', { schema: Id }) id: string): Promise<ProductKeyView> {
    return this.keys.rotate(caller, id);
  }
}
