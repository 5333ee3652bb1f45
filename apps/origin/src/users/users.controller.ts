import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '../openapi/api.decorator.js';
import { Does } from '../http/action.decorator.js';
import { Asked } from '../http/call.decorator.js';
import type { Call } from '../http/call.js';
import { IdPipe } from '../http/id.pipe.js';
import { UserDeletion } from './user-deletion.js';
import { UserDeletionDto, UserDeletionQueryDto } from './user-deletion.dto.js';
import { UserChangeDto, UserCreateDto, UserDto, UserPageDto, UserQueryDto } from './user.dto.js';
import { Users } from './users.js';

@ApiTags('users')
@Controller('api/v1/users')
export class UsersController {
  constructor(
    private readonly users: Users,
    private readonly deletion: UserDeletion,
  ) {}

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

  /** List what would go with a user */
  @Get(':id/deletion')
  @Does('user.deletion')
  preview(@Param('id', IdPipe) id: string): Promise<UserDeletionDto> {
    return this.deletion.preview(id);
  }

  /**
   * Delete a user; `confirm` is the name
   *
   * One who has spaces goes with `spaces=delete` alone: sessions and tokens end at once, and the user is there, deactivated,
   * until the last space is gone.
   */
  @Delete(':id')
  @HttpCode(204)
  @Does('user.delete')
  delete(@Asked() call: Call, @Param('id', IdPipe) id: string, @Query() query: UserDeletionQueryDto): Promise<void> {
    return this.deletion.delete(call, id, query);
  }
}
