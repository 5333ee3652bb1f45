import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '../openapi/api.decorator.js';
import { Does } from '../http/action.decorator.js';
import { Asked } from '../http/call.decorator.js';
import type { Call } from '../http/call.js';
import { IdPipe } from '../http/id.pipe.js';
import { ConfirmQueryDto } from '../spaces/space.dto.js';
import { GroupChangeDto, GroupCreateDto, GroupDto, GroupPageDto, GroupQueryDto } from './group.dto.js';
import { Groups } from './groups.js';

@ApiTags('groups')
@Controller('api/v1/groups')
export class GroupsController {
  constructor(private readonly groups: Groups) {}

  /** List groups */
  @Get()
  @Does('group.list')
  list(@Query() query: GroupQueryDto): Promise<GroupPageDto> {
    return this.groups.list(query);
  }

  /** Read a group */
  @Get(':id')
  @Does('group.read')
  get(@Param('id', IdPipe) id: string): Promise<GroupDto> {
    return this.groups.get(id);
  }

  /** Create a group */
  @Post()
  @Does('group.create')
  create(@Asked() call: Call, @Body() body: GroupCreateDto): Promise<GroupDto> {
    return this.groups.create(call, body);
  }

  /** Change a group; who is in it is said at the users */
  @Patch(':id')
  @Does('group.change')
  change(@Asked() call: Call, @Param('id', IdPipe) id: string, @Body() body: GroupChangeDto): Promise<GroupDto> {
    return this.groups.change(call, id, body);
  }

  /** Delete a group that nobody is in and no template is for */
  @Delete(':id')
  @HttpCode(204)
  @Does('group.delete')
  delete(@Asked() call: Call, @Param('id', IdPipe) id: string, @Query() query: ConfirmQueryDto): Promise<void> {
    return this.groups.delete(call, id, query.confirm);
  }
}
