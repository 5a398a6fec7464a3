/** POST /webhooks/stripe: answered with 200 once the event is kept. */
import { Controller, Headers, HttpCode, Post, Req, type RawBodyRequest } from '@nestjs/common';
import { ApiExcludeEndpoint } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Public } from '#platform/auth.ts';
import { Inbox } from './inbox.ts';

@Controller('webhooks/stripe')
@Public()
export class WebhookController {
  constructor(private readonly inbox: Inbox) {}

  @Post()
  @HttpCode(200)
  @ApiExcludeEndpoint()
  async receive(
    @Req() request: RawBodyRequest<FastifyRequest>,
    @Headers('stripe-signature') signature: string,
  ): Promise<{ received: true }> {
    await this.inbox.receive(request.rawBody, signature);
    return { received: true };
  }
}
