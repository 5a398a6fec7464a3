/** The public storefront, and a vendor's door to it. */
import { Body, Controller, Delete, Get, HttpCode, Param, Put, Query } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse } from '@nestjs/swagger';
import { CurrentCaller, Only, Public, type Caller } from '#platform/auth.ts';
import { Id } from '../products/products.schema.ts';
import { ListingList, ListingQuery, ListingView, NewListing, Slug, type ListingSummary } from './listings.schema.ts';
import { Listings } from './listings.ts';

@Controller('v1')
export class ListingsController {
  constructor(private readonly listings: Listings) {}

  @Get('listings')
  @Public()
  @ApiOkResponse({ standardSchema: ListingList })
  async browse(@Query({ schema: ListingQuery }) query: ListingQuery): Promise<{ items: ListingSummary[] }> {
    return { items: await this.listings.browse(query) };
  }

  @Get('listings/:slug')
  @Public()
  @ApiOkResponse({ standardSchema: ListingView })
  show(@Param('slug', { schema: Slug }) slug: string): Promise<ListingView> {
    return this.listings.show(slug);
  }

  @Put('products/:id/listing')
  @Only('vendor')
  @ApiOkResponse({ standardSchema: ListingView })
  publish(
    @CurrentCaller() caller: Caller,
    @Param('id', { schema: Id }) id: string,
    @Body({ schema: NewListing }) body: NewListing,
  ): Promise<ListingView> {
    return this.listings.publish(caller, id, body);
  }

  @Delete('products/:id/listing')
  @Only('vendor')
  @HttpCode(204)
  @ApiNoContentResponse()
  async restrict(@CurrentCaller() caller: Caller, @Param('id', { schema: Id }) id: string): Promise<void> {
    await this.listings.restrict(caller, id);
  }
}
