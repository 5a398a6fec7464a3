/** POST /v1/events: usage as CloudEvents 1.0. */
import { Controller, HttpCode, Post, Req } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOkResponse } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { CurrentCaller, Only, type Caller } from '#platform/auth.ts';
import { BATCH_CONTENT_TYPE, EVENT_CONTENT_TYPE, eventsOf } from './events.http.ts';
import { EventAnswer, UsageEventBody } from './events.schema.ts';
import { Events, refusalOfEvent } from './events.ts';
import { jsonSchemaOf } from './report-usage.schema.ts';

@Controller('v1/events')
@Only('vendor')
export class EventsController {
  constructor(private readonly events: Events) {}

  /** A batch is answered event by event; an event that comes alone and is not taken is an error. */
  @Post()
  @HttpCode(200)
  @ApiConsumes(EVENT_CONTENT_TYPE, BATCH_CONTENT_TYPE, 'application/json')
  @ApiBody({ schema: jsonSchemaOf(UsageEventBody) })
  @ApiOkResponse({ standardSchema: EventAnswer })
  async take(@CurrentCaller() caller: Caller, @Req() request: FastifyRequest): Promise<z.input<typeof EventAnswer>> {
    const { events, isBatch } = eventsOf(request);
    const results = await this.events.take(caller, events);
    if (isBatch) return { results };
    const { index: _index, ...outcome } = results[0]!;
    if (outcome.status === 'accepted' || outcome.status === 'repeated') return outcome;
    throw refusalOfEvent(outcome);
  }
}
