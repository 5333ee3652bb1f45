import { groupNameProblem } from '@knot/domain';
import { IsOptional, IsString, MaxLength } from 'class-validator';
import { Follows } from '../http/follows.decorator.js';
import { PageQueryDto } from '../http/page.dto.js';
import { ApiProperty, ApiSchema } from '../openapi/api.decorator.js';
import { LimitsChangeDto, LimitsDto } from '../users/limits.dto.js';

/** Its quotas are added to those of its members. */
@ApiSchema({ name: 'Group' })
export class GroupDto extends LimitsDto {
  id!: string;
  name!: string;
  description!: string;
  /** Users in it. */
  members!: number;
  /** Templates that are for its members. */
  templates!: number;
  createdAt!: number;
  /** Also the ETag. */
  version!: number;
}

@ApiSchema({ name: 'GroupPage' })
export class GroupPageDto {
  items!: GroupDto[];
  @ApiProperty({ type: String, nullable: true })
  next!: string | null;
}

export class GroupQueryDto extends PageQueryDto {
  /** Part of the name. */
  @IsOptional()
  @IsString()
  @MaxLength(64)
  q?: string;
}

@ApiSchema({ name: 'GroupCreate' })
export class GroupCreateDto extends LimitsChangeDto {
  @Follows(groupNameProblem)
  name!: string;
  @IsOptional()
  @IsString()
  @MaxLength(1024)
  description?: string;
}

@ApiSchema({ name: 'GroupChange' })
export class GroupChangeDto extends LimitsChangeDto {
  @IsOptional()
  @Follows(groupNameProblem)
  name?: string;
  @IsOptional()
  @IsString()
  @MaxLength(1024)
  description?: string;
}
