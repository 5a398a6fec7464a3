/** /v1/launches/:id/events and /v1/instances/:id/events: what happens, as it happens. */
import { Controller, Param, Sse, type MessageEvent } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiProduces } from '@nestjs/swagger';
import type { Observable } from 'rxjs';
import { CurrentCaller, Only, type Caller } from '#platform/auth.ts';
import { Id } from '../instances/instances.schema.ts';
import { ProgressEvent } from './events.schema.ts';
import { Events } from './events.ts';
import { LastEventId } from './last-event-id.ts';

@Controller('v1')
@Only('buyer')
export class EventsController {
  constructor(private readonly events: Events) {}

  @Sse('launches/:id/events')
  @ApiProduces('text/event-stream')
  @ApiHeader({ name: 'Last-Event-ID', required: false, description: 'go on after this event' })
  @ApiOkResponse({ standardSchema: ProgressEvent, description: 'each event’s data; the last event is "end"' })
  ofLaunch(
    @CurrentCaller() caller: Caller,
    @Param('id', { schema: Id }) launchId: string,
    @LastEventId() after?: string,
  ): Promise<Observable<MessageEvent>> {
    return this.events.follow(caller, { launchId }, after);
  }

  @Sse('instances/:id/events')
  @ApiProduces('text/event-stream')
  @ApiHeader({ name: 'Last-Event-ID', required: false, description: 'go on after this event' })
  @ApiOkResponse({ standardSchema: ProgressEvent, description: 'each event’s data; the last event is "end"' })
  ofInstance(
    @CurrentCaller() caller: Caller,
    @Param('id', { schema: Id }) instanceId: string,
    @LastEventId() after?: string,
  ): Promise<Observable<MessageEvent>> {
    return this.events.follow(caller, { instanceId }, after);
  }
}
