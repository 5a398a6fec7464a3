/** /v1/products: a vendor's own. */
import { Body, Controller, Get, Param, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiHeader, ApiOkResponse } from '@nestjs/swagger';
import { CurrentCaller, Only, type Caller } from '#platform/auth.ts';
import { IdempotencyKey } from '#platform/idempotency.ts';
import { Id, NewProduct, ProductList, ProductView } from './products.schema.ts';
import { Products } from './products.ts';

@Controller('v1/products')
@Only('vendor')
export class ProductsController {
  constructor(private readonly products: Products) {}

  @Post()
  @ApiHeader({ name: 'Idempotency-Key', required: false, description: 'repeat a request safely' })
  @ApiCreatedResponse({ standardSchema: ProductView })
  create(
    @CurrentCaller() caller: Caller,
    @Body({ schema: NewProduct }) body: NewProduct,
    @IdempotencyKey() key?: string,
  ): Promise<ProductView> {
    return this.products.create(caller, body, key);
  }

  @Get()
  @ApiOkResponse({ standardSchema: ProductList })
  async list(@CurrentCaller() caller: Caller): Promise<{ items: ProductView[] }> {
    return { items: await this.products.list(caller) };
  }

  @Get(':id')
  @ApiOkResponse({ standardSchema: ProductView })
  get(@CurrentCaller() caller: Caller, @Param('id', { schema: Id }) id: string): Promise<ProductView> {
    return this.products.get(caller, id);
  }
}
