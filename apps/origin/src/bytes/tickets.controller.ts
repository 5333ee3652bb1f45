import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { Does } from '../http/action.decorator.js';
import { Asked } from '../http/call.decorator.js';
import type { Call } from '../http/call.js';
import { IdPipe } from '../http/id.pipe.js';
import { ApiTags } from '../openapi/api.decorator.js';
import { SpaceTickets } from './space-tickets.js';
import { TicketDto, TicketRequestDto } from './ticket.dto.js';

@ApiTags('spaces')
@Controller('api/v1/spaces')
export class TicketsController {
  constructor(private readonly tickets: SpaceTickets) {}

  /** Get a ticket into a running space */
  @Post(':id/tickets')
  @HttpCode(200)
  @Does('space.enter')
  create(@Asked() call: Call, @Param('id', IdPipe) id: string, @Body() body: TicketRequestDto): Promise<TicketDto> {
    return this.tickets.create(call, id, body.action);
  }
}
