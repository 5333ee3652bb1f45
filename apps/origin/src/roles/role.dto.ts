import { ALL_PERMISSIONS, roleNameProblem, type Permission } from '@knot/domain';
import { ArrayMaxSize, ArrayUnique, IsArray, IsIn, IsOptional, IsString, MaxLength } from 'class-validator';
import { Follows } from '../http/follows.decorator.js';
import { PageQueryDto } from '../http/page.dto.js';
import { ApiProperty, ApiPropertyOptional, ApiSchema } from '../openapi/api.decorator.js';

@ApiSchema({ name: 'PermissionEntry' })
export class PermissionEntryDto {
  @ApiProperty({ enum: ALL_PERMISSIONS })
  name!: Permission;
  /** What it allows, to follow "may". */
  description!: string;
}

@ApiSchema({ name: 'PermissionList' })
export class PermissionListDto {
  items!: PermissionEntryDto[];
}

@ApiSchema({ name: 'Role' })
export class RoleDto {
  /** A uuid, or `user` for the role that is always there. */
  id!: string;
  name!: string;
  description!: string;
  @ApiProperty({ enum: ALL_PERMISSIONS, isArray: true })
  permissions!: Permission[];
  /** Always there: neither changed nor deleted. */
  builtIn!: boolean;
  /** Users who have it. */
  members!: number;
  createdAt!: number;
  /** Also the ETag. */
  version!: number;
}

@ApiSchema({ name: 'RolePage' })
export class RolePageDto {
  items!: RoleDto[];
  @ApiProperty({ type: String, nullable: true })
  next!: string | null;
}

export class RoleQueryDto extends PageQueryDto {
  /** Part of the name. */
  @IsOptional()
  @IsString()
  @MaxLength(64)
  q?: string;
}

@ApiSchema({ name: 'RoleCreate' })
export class RoleCreateDto {
  @Follows(roleNameProblem)
  name!: string;
  @IsOptional()
  @IsString()
  @MaxLength(1024)
  description?: string;
  /** None that the asker lacks. */
  @ApiProperty({ enum: ALL_PERMISSIONS, isArray: true })
  @IsArray()
  @IsIn(ALL_PERMISSIONS, { each: true })
  @ArrayMaxSize(ALL_PERMISSIONS.length)
  @ArrayUnique()
  permissions!: Permission[];
}

@ApiSchema({ name: 'RoleChange' })
export class RoleChangeDto {
  @IsOptional()
  @Follows(roleNameProblem)
  name?: string;
  @IsOptional()
  @IsString()
  @MaxLength(1024)
  description?: string;
  /** None that the asker lacks. */
  @ApiPropertyOptional({ enum: ALL_PERMISSIONS, isArray: true })
  @IsOptional()
  @IsArray()
  @IsIn(ALL_PERMISSIONS, { each: true })
  @ArrayMaxSize(ALL_PERMISSIONS.length)
  @ArrayUnique()
  permissions?: Permission[];
}
