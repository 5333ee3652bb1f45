import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { Does } from '../http/action.decorator.js';
import { Asked } from '../http/call.decorator.js';
import type { Call } from '../http/call.js';
import { ApiTags } from '../openapi/api.decorator.js';
import { GrantDto, GrantRequestDto } from './grant.dto.js';
import { Grants } from './grants.js';

@ApiTags('spaces')
@Controller('api/v1/grants')
export class GrantsController {
  constructor(private readonly grants: Grants) {}

  /** Get a grant to come to the leaf of a location oneself */
  @Post()
  @HttpCode(200)
  @Does('space.grant')
  create(@Asked() call: Call, @Body() body: GrantRequestDto): Promise<GrantDto> {
    return this.grants.create(call, body);
  }
}
