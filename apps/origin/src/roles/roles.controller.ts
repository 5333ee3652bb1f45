import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '../openapi/api.decorator.js';
import { Does } from '../http/action.decorator.js';
import { Asked } from '../http/call.decorator.js';
import type { Call } from '../http/call.js';
import { ConfirmQueryDto } from '../spaces/space.dto.js';
import { RoleIdPipe } from './role-id.pipe.js';
import { PermissionListDto, RoleChangeDto, RoleCreateDto, RoleDto, RolePageDto, RoleQueryDto } from './role.dto.js';
import { Roles } from './roles.js';

@ApiTags('roles')
@Controller('api/v1')
export class RolesController {
  constructor(private readonly roles: Roles) {}

  /** Everything that a role can allow */
  @Get('permissions')
  @Does('role.list')
  permissions(): PermissionListDto {
    return this.roles.permissions();
  }

  /** List roles */
  @Get('roles')
  @Does('role.list')
  list(@Query() query: RoleQueryDto): Promise<RolePageDto> {
    return this.roles.list(query);
  }

  /** Read a role */
  @Get('roles/:id')
  @Does('role.read')
  get(@Param('id', RoleIdPipe) id: string): Promise<RoleDto> {
    return this.roles.get(id);
  }

  /** Create a role; nobody gives what they lack themselves */
  @Post('roles')
  @Does('role.create')
  create(@Asked() call: Call, @Body() body: RoleCreateDto): Promise<RoleDto> {
    return this.roles.create(call, body);
  }

  /** Change a role; it counts at once for everybody who has it */
  @Patch('roles/:id')
  @Does('role.change')
  change(@Asked() call: Call, @Param('id', RoleIdPipe) id: string, @Body() body: RoleChangeDto): Promise<RoleDto> {
    return this.roles.change(call, id, body);
  }

  /** Delete a role that nobody has */
  @Delete('roles/:id')
  @HttpCode(204)
  @Does('role.delete')
  delete(@Asked() call: Call, @Param('id', RoleIdPipe) id: string, @Query() query: ConfirmQueryDto): Promise<void> {
    return this.roles.delete(call, id, query.confirm);
  }
}
