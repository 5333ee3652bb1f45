import { Body, Controller, Get, Param, Put, Query } from '@nestjs/common';
import { Does } from '../http/action.decorator.js';
import { Asked } from '../http/call.decorator.js';
import type { Call } from '../http/call.js';
import { IdPipe } from '../http/id.pipe.js';
import { ApiTags } from '../openapi/api.decorator.js';
import { LabelledDto, LabelledPageDto, LabelledQueryDto, LabelsPutDto } from './labels.dto.js';
import { Labels } from './labels.js';

@ApiTags('labels')
@Controller('api/v1/labels')
export class LabelsController {
  constructor(private readonly labels: Labels) {}

  /** List what has labels, as far as one may see it */
  @Get()
  @Does('label.list')
  list(@Asked() call: Call, @Query() query: LabelledQueryDto): Promise<LabelledPageDto> {
    return this.labels.list(call, query);
  }

  /** Label a role, group, user, variable, template, volume or space; for who may change it */
  @Put(':kind/:id')
  @Does('label.set')
  put(
    @Asked() call: Call,
    @Param('kind') kind: string,
    @Param('id', IdPipe) id: string,
    @Body() body: LabelsPutDto,
  ): Promise<LabelledDto> {
    return this.labels.put(call, kind, id, body.labels);
  }
}
