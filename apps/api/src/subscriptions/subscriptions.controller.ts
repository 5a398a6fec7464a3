/** /v1/subscriptions. */
import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse } from '@nestjs/swagger';
import { CurrentCaller, Only, type Caller } from '#platform/auth.ts';
import { EndingQuery } from '../launches/launches.schema.ts';
import { Id } from '../products/products.schema.ts';
import { NewSubscription, RegistrationTokenView, SubscriptionList, SubscriptionView } from './subscriptions.schema.ts';
import { Subscriptions } from './subscriptions.ts';

@Controller('v1/subscriptions')
@Only('buyer')
export class SubscriptionsController {
  constructor(private readonly subscriptions: Subscriptions) {}

  @Post()
  @ApiCreatedResponse({ standardSchema: SubscriptionView })
  subscribe(
    @CurrentCaller() caller: Caller,
    @Body({ schema: NewSubscription }) body: NewSubscription,
  ): Promise<SubscriptionView> {
    return this.subscriptions.subscribe(caller, body);
  }

  @Get()
  @Only('buyer', 'vendor')
  @ApiOkResponse({ standardSchema: SubscriptionList })
  async list(@CurrentCaller() caller: Caller): Promise<{ items: SubscriptionView[] }> {
    return { items: await this.subscriptions.list(caller) };
  }

  @Get(':id')
  @Only('buyer', 'vendor')
  @ApiOkResponse({ standardSchema: SubscriptionView })
  get(@CurrentCaller() caller: Caller, @Param('id', { schema: Id }) id: string): Promise<SubscriptionView> {
    return this.subscriptions.get(caller, id);
  }

  @Delete(':id')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: SubscriptionView })
  end(
    @CurrentCaller() caller: Caller,
    @Param('id', { schema: Id }) id: string,
    @Query({ schema: EndingQuery }) ending: EndingQuery,
  ): Promise<SubscriptionView> {
    return this.subscriptions.end(caller, id, ending);
  }

  @Put(':id/trial-conversion')
  @ApiOkResponse({ standardSchema: SubscriptionView })
  convertTrial(@CurrentCaller() caller: Caller, @Param('id', { schema: Id }) id: string): Promise<SubscriptionView> {
    return this.subscriptions.convertTrial(caller, id);
  }

  @Post(':id/registration-tokens')
  @ApiCreatedResponse({ standardSchema: RegistrationTokenView })
  registrationToken(@CurrentCaller() caller: Caller, @Param('id', { schema: Id }) id: string): Promise<RegistrationTokenView> {
    return this.subscriptions.registrationToken(caller, id);
  }
}
