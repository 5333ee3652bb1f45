import { Controller, Get, Headers, Res } from '@nestjs/common';
import { ApiOkResponse, ApiProduces, ApiTags } from '../openapi/api.decorator.js';
import type { FastifyReply } from 'fastify';
import { Does } from '../http/action.decorator.js';
import { Asked } from '../http/call.decorator.js';
import type { Call } from '../http/call.js';
import { EventFeed } from './event-feed.js';

@ApiTags('events')
@Controller('api/v1/events')
export class EventsController {
  constructor(private readonly feed: EventFeed) {}

  /**
   * Follow changes (server-sent events)
   *
   * `change` carries `{kind, id, op, object}`: kind space, location, template, variable, volume, user, group or role; op put or
   * delete; object as `GET` of the kind's list shows it. `relist` says that the reader has to read everything again.
   * A reader that comes back with `Last-Event-ID` goes on where it was.
   */
  @Get()
  @Does('event.follow')
  @ApiProduces('text/event-stream')
  @ApiOkResponse({ schema: { type: 'string' } })
  async follow(
    @Asked() call: Call,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    reply.hijack();
    await this.feed.follow(call, lastEventId ?? '', reply.raw);
  }
}
