import { Controller, Get, Param, Query, StreamableFile } from '@nestjs/common';
import { Does } from '../http/action.decorator.js';
import { Asked } from '../http/call.decorator.js';
import type { Call } from '../http/call.js';
import { IdPipe } from '../http/id.pipe.js';
import { ApiOkResponse, ApiProduces, ApiTags } from '../openapi/api.decorator.js';
import { LogsQueryDto } from './logs.dto.js';
import { SpaceLogs } from './space-logs.js';

const MEDIA_TYPE = 'application/x-ndjson';

@ApiTags('spaces')
@Controller('api/v1/spaces')
export class LogsController {
  constructor(private readonly logs: SpaceLogs) {}

  /**
   * Read what is said in a running space, as its agent heard it
   *
   * A line of JSON for each: `{at, service, level, text}`. An empty line says no more than that the connection stands.
   */
  @Get(':id/logs')
  @Does('space.enter')
  @ApiProduces(MEDIA_TYPE)
  @ApiOkResponse({ schema: { type: 'string' } })
  async read(
    @Asked() call: Call,
    @Param('id', IdPipe) id: string,
    @Query() { follow, search = '' }: LogsQueryDto,
  ): Promise<StreamableFile> {
    const lines = await this.logs.read(call, id, { follow: follow === 'true', search });
    return new StreamableFile(lines, { type: MEDIA_TYPE });
  }
}
