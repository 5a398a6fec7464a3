/** POST /webhooks/stripe: checked against the signature, kept, answered. What it means is worked out later, by ApplyEvent. */
import { Controller, Headers, HttpCode, Post, Req, type RawBodyRequest } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Public } from '#platform/auth.ts';
import { Webhooks } from './webhooks.ts';

@ApiExcludeController()
@Public()
@Controller('webhooks/stripe')
export class WebhookController {
  constructor(private readonly webhooks: Webhooks) {}

  @Post()
  @HttpCode(200)
  async receive(@Req() request: RawBodyRequest<FastifyRequest>, @Headers('stripe-signature') signature: string | undefined): Promise<{ received: true }> {
    await this.webhooks.keep(request.rawBody, signature);
    return { received: true };
  }
}
