/** /v1/products/:id/private-offers and /v1/private-offers. */
import { Body, Controller, Delete, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse } from '@nestjs/swagger';
import { CurrentCaller, Only, type Caller } from '#platform/auth.ts';
import { Id } from '../products/products.schema.ts';
import { NewPrivateOffer, PrivateOfferList, PrivateOfferView } from './private-offers.schema.ts';
import { PrivateOffers } from './private-offers.ts';

@Controller('v1')
@Only('vendor', 'buyer')
export class PrivateOffersController {
  constructor(private readonly offers: PrivateOffers) {}

  @Post('products/:id/private-offers')
  @Only('vendor')
  @ApiCreatedResponse({ standardSchema: PrivateOfferView })
  make(
    @CurrentCaller() caller: Caller,
    @Param('id', { schema: Id }) id: string,
    @Body({ schema: NewPrivateOffer }) body: NewPrivateOffer,
  ): Promise<PrivateOfferView> {
    return this.offers.make(caller, id, body);
  }

  @Get('private-offers')
  @ApiOkResponse({ standardSchema: PrivateOfferList })
  async list(@CurrentCaller() caller: Caller): Promise<{ items: PrivateOfferView[] }> {
    return { items: await this.offers.list(caller) };
  }

  @Get('private-offers/:id')
  @ApiOkResponse({ standardSchema: PrivateOfferView })
  get(@CurrentCaller() caller: Caller, @Param('id', { schema: Id }) id: string): Promise<PrivateOfferView> {
    return this.offers.get(caller, id);
  }

  @Delete('private-offers/:id')
  @Only('vendor')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: PrivateOfferView })
  withdraw(@CurrentCaller() caller: Caller, @Param('id', { schema: Id }) id: string): Promise<PrivateOfferView> {
    return this.offers.withdraw(caller, id);
  }
}
