/** PUT and GET /v1/products/:id/offer. */
import { Body, Controller, Get, Param, Put } from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import { CurrentCaller, Only, type Caller } from '#platform/auth.ts';
import { Id } from '../products/products.schema.ts';
import { NewOffer, OfferView } from './offers.schema.ts';
import { Offers } from './offers.ts';

@Controller('v1/products/:id/offer')
@Only('vendor')
export class OffersController {
  constructor(private readonly offers: Offers) {}

  @Put()
  @ApiOkResponse({ standardSchema: OfferView })
  make(
    @CurrentCaller() caller: Caller,
    @Param('id', { schema: Id }) id: string,
    @Body({ schema: NewOffer }) body: NewOffer,
  ): Promise<OfferView> {
    return this.offers.make(caller, id, body);
  }

  @Get()
  @ApiOkResponse({ standardSchema: OfferView })
  get(@CurrentCaller() caller: Caller, @Param('id', { schema: Id }) id: string): Promise<OfferView> {
    return this.offers.get(caller, id);
  }
}
