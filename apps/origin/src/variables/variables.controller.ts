import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put, Query } from '@nestjs/common';
import { ApiTags } from '../openapi/api.decorator.js';
import { Does } from '../http/action.decorator.js';
import { Asked } from '../http/call.decorator.js';
import type { Call } from '../http/call.js';
import { IdPipe } from '../http/id.pipe.js';
import { VariableCreateDto, VariableDto, VariablePageDto, VariablePutDto, VariableQueryDto } from './variable.dto.js';
import { Variables } from './variables.js';

@ApiTags('variables')
@Controller('api/v1/variables')
export class VariablesController {
  constructor(private readonly variables: Variables) {}

  /** List variables; protected values are never shown */
  @Get()
  @Does('variable.list')
  list(@Query() query: VariableQueryDto): Promise<VariablePageDto> {
    return this.variables.list(query);
  }

  /** Read a variable */
  @Get(':id')
  @Does('variable.read')
  get(@Param('id', IdPipe) id: string): Promise<VariableDto> {
    return this.variables.get(id);
  }

  /** Create a variable */
  @Post()
  @Does('variable.create')
  create(@Asked() call: Call, @Body() body: VariableCreateDto): Promise<VariableDto> {
    return this.variables.create(call, body);
  }

  /** Change a variable; running spaces keep the value they were started with */
  @Put(':id')
  @Does('variable.change')
  put(@Asked() call: Call, @Param('id', IdPipe) id: string, @Body() body: VariablePutDto): Promise<VariableDto> {
    return this.variables.put(call, id, body);
  }

  /** Delete a variable */
  @Delete(':id')
  @HttpCode(204)
  @Does('variable.delete')
  delete(@Asked() call: Call, @Param('id', IdPipe) id: string): Promise<void> {
    return this.variables.delete(call, id);
  }
}
