/** /v1/coupons, and /v1/subscriptions/:id/coupons. */
import { Body, Controller, Delete, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse } from '@nestjs/swagger';
import { CurrentCaller, Only, type Caller } from '#platform/auth.ts';
import { Id } from '../products/products.schema.ts';
import { CouponList, CouponView, NewCoupon, Redemption, RedemptionList, RedemptionView } from './coupons.schema.ts';
import { Coupons } from './coupons.ts';

@Controller('v1')
@Only('vendor', 'buyer')
export class CouponsController {
  constructor(private readonly coupons: Coupons) {}

  @Post('coupons')
  @Only('vendor')
  @ApiCreatedResponse({ standardSchema: CouponView })
  make(@CurrentCaller() caller: Caller, @Body({ schema: NewCoupon }) body: NewCoupon): Promise<CouponView> {
    return this.coupons.make(caller, body);
  }

  @Get('coupons')
  @Only('vendor')
  @ApiOkResponse({ standardSchema: CouponList })
  async list(@CurrentCaller() caller: Caller): Promise<{ items: CouponView[] }> {
    return { items: await this.coupons.list(caller) };
  }

  @Delete('coupons/:id')
  @Only('vendor')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: CouponView })
  withdraw(@CurrentCaller() caller: Caller, @Param('id', { schema: Id }) id: string): Promise<CouponView> {
    return this.coupons.withdraw(caller, id);
  }

  @Post('subscriptions/:id/coupons')
  @Only('buyer')
  @ApiCreatedResponse({ standardSchema: RedemptionView })
  redeem(
    @CurrentCaller() caller: Caller,
    @Param('id', { schema: Id }) id: string,
    @Body({ schema: Redemption }) body: Redemption,
  ): Promise<RedemptionView> {
    return this.coupons.redeem(caller, id, body.code);
  }

  @Get('subscriptions/:id/coupons')
  @ApiOkResponse({ standardSchema: RedemptionList })
  async redeemed(@CurrentCaller() caller: Caller, @Param('id', { schema: Id }) id: string): Promise<{ items: RedemptionView[] }> {
    return { items: await this.coupons.redeemed(caller, id) };
  }
}
