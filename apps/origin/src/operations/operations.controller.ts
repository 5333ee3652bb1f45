import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '../openapi/api.decorator.js';
import { Does } from '../http/action.decorator.js';
import { Asked } from '../http/call.decorator.js';
import type { Call } from '../http/call.js';
import { IdPipe } from '../http/id.pipe.js';
import { OperationDto, OperationPageDto, OperationQueryDto } from './operation.dto.js';
import { Operations } from './operations.js';

@ApiTags('operations')
@Controller('api/v1/operations')
export class OperationsController {
  constructor(private readonly operations: Operations) {}

  /** List accepted wishes, newest first: one's own spaces', for administrators everybody's */
  @Get()
  @Does('operation.list')
  list(@Asked() call: Call, @Query() query: OperationQueryDto): Promise<OperationPageDto> {
    return this.operations.list(call, query);
  }

  /** Read how far a wish has come */
  @Get(':id')
  @Does('operation.read')
  get(@Asked() call: Call, @Param('id', IdPipe) id: string): Promise<OperationDto> {
    return this.operations.get(call, id);
  }
}
