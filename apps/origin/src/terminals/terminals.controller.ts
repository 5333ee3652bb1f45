import { Controller, Delete, Get, HttpCode, Param } from '@nestjs/common';
import { Does } from '../http/action.decorator.js';
import { Asked } from '../http/call.decorator.js';
import type { Call } from '../http/call.js';
import { IdPipe } from '../http/id.pipe.js';
import { ApiTags } from '../openapi/api.decorator.js';
import { SpaceTerminals } from './space-terminals.js';
import { TerminalListDto } from './terminal.dto.js';

@ApiTags('spaces')
@Controller('api/v1/spaces')
export class TerminalsController {
  constructor(private readonly terminals: SpaceTerminals) {}

  /** List the terminals that one has in a running space */
  @Get(':id/terminals')
  @Does('space.enter')
  async list(@Asked() call: Call, @Param('id', IdPipe) id: string): Promise<TerminalListDto> {
    return { items: await this.terminals.list(call, id) };
  }

  /** End one of one's terminals: its shell is told to hang up */
  @Delete(':id/terminals/:terminal')
  @HttpCode(204)
  @Does('space.enter')
  end(
    @Asked() call: Call,
    @Param('id', IdPipe) id: string,
    @Param('terminal', IdPipe) terminal: string,
  ): Promise<void> {
    return this.terminals.end(call, id, terminal);
  }
}
