import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '../openapi/api.decorator.js';
import { Does } from '../http/action.decorator.js';
import { Asked } from '../http/call.decorator.js';
import type { Call } from '../http/call.js';
import { IdPipe } from '../http/id.pipe.js';
import { ConfirmQueryDto } from '../spaces/space.dto.js';
import { UserChangeDto, UserCreateDto, UserDto, UserPageDto, UserQueryDto } from './user.dto.js';
import { Users } from './users.js';

@ApiTags('users')
@Controller('api/v1/users')
export class UsersController {
  constructor(private readonly users: Users) {}

  /** List users */
  @Get()
  @Does('user.list')
  list(@Query() query: UserQueryDto): Promise<UserPageDto> {
    return this.users.list(query);
  }

  /** Read a user */
  @Get(':id')
  @Does('user.read')
  get(@Param('id', IdPipe) id: string): Promise<UserDto> {
    return this.users.get(id);
  }

  /** Create a user */
  @Post()
  @Does('user.create')
  create(@Asked() call: Call, @Body() body: UserCreateDto): Promise<UserDto> {
    return this.users.create(call, body);
  }

  /** Change a user; deactivating stops the user's spaces and deletes nothing */
  @Patch(':id')
  @Does('user.change')
  change(@Asked() call: Call, @Param('id', IdPipe) id: string, @Body() body: UserChangeDto): Promise<UserDto> {
    return this.users.change(call, id, body);
  }

  /** Delete a user who has no spaces */
  @Delete(':id')
  @HttpCode(204)
  @Does('user.delete')
  delete(@Asked() call: Call, @Param('id', IdPipe) id: string, @Query() query: ConfirmQueryDto): Promise<void> {
    return this.users.delete(call, id, query.confirm);
  }
}
