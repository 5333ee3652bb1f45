import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { Does } from '../http/action.decorator.js';
import { Asked } from '../http/call.decorator.js';
import type { Call } from '../http/call.js';
import { IdPipe } from '../http/id.pipe.js';
import { ApiTags } from '../openapi/api.decorator.js';
import {
  RollOutBeginDto,
  RollOutProgressDto,
  RollOutProgressPageDto,
  RollOutQueryDto,
  RollOutResumeDto,
  RollOutSpacePageDto,
  RollOutSpaceQueryDto,
} from './roll-out-progress.dto.js';
import { RollOutViews } from './roll-out-views.js';
import { RollOuts } from './roll-outs.js';

@ApiTags('roll-outs')
@Controller('api/v1/roll-outs')
export class RollOutsController {
  constructor(
    private readonly rollOuts: RollOuts,
    private readonly views: RollOutViews,
  ) {}

  /** List roll-outs, newest first */
  @Get()
  @Does('template.behind')
  list(@Query() query: RollOutQueryDto): Promise<RollOutProgressPageDto> {
    return this.views.list(query);
  }

  /** Read a roll-out */
  @Get(':id')
  @Does('template.behind')
  get(@Param('id', IdPipe) id: string): Promise<RollOutProgressDto> {
    return this.views.get(id);
  }

  /** List the spaces of a roll-out with how far each has come */
  @Get(':id/spaces')
  @Does('template.behind')
  spaces(@Param('id', IdPipe) id: string, @Query() query: RollOutSpaceQueryDto): Promise<RollOutSpacePageDto> {
    return this.views.spaces(id, query);
  }

  /** Begin to bring the present version of a template to spaces of older ones, in stages; many spaces ask twice */
  @Post()
  @HttpCode(202)
  @Does('template.roll-out')
  begin(@Asked() call: Call, @Body() body: RollOutBeginDto): Promise<RollOutProgressDto> {
    return this.rollOuts.begin(call, body);
  }

  /** Hold a roll-out: what updates goes on, and nothing else begins */
  @Post(':id/hold')
  @HttpCode(200)
  @Does('template.roll-out')
  hold(@Asked() call: Call, @Param('id', IdPipe) id: string): Promise<RollOutProgressDto> {
    return this.rollOuts.hold(call, id);
  }

  /** Go on with a roll-out that was held; its failures so far count no more, or are tried again */
  @Post(':id/resume')
  @HttpCode(200)
  @Does('template.roll-out')
  resume(
    @Asked() call: Call,
    @Param('id', IdPipe) id: string,
    @Body() body: RollOutResumeDto,
  ): Promise<RollOutProgressDto> {
    return this.rollOuts.resume(call, id, body);
  }

  /** End a roll-out for good; what has the version keeps it */
  @Post(':id/end')
  @HttpCode(200)
  @Does('template.roll-out')
  end(@Asked() call: Call, @Param('id', IdPipe) id: string): Promise<RollOutProgressDto> {
    return this.rollOuts.end(call, id);
  }

  /** Go back: save the version before as the present one and bring it to the spaces that took the new one */
  @Post(':id/back')
  @HttpCode(202)
  @Does('template.roll-out')
  back(@Asked() call: Call, @Param('id', IdPipe) id: string): Promise<RollOutProgressDto> {
    return this.rollOuts.back(call, id);
  }
}
