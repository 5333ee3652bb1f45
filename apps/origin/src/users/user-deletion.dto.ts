import { WANTS, type Want } from '@knot/domain';
import { IsIn, IsOptional } from 'class-validator';
import { ApiProperty, ApiPropertyOptional, ApiSchema } from '../openapi/api.decorator.js';
import { ConfirmQueryDto } from '../spaces/space.dto.js';

@ApiSchema({ name: 'SpaceToGo' })
export class SpaceToGoDto {
  id!: string;
  name!: string;
  location!: string;
  @ApiProperty({ enum: WANTS })
  want!: Want;
  /** Names of the volumes that were seen of it. */
  volumes!: string[];
}

@ApiSchema({ name: 'UserDeletion' })
export class UserDeletionDto {
  id!: string;
  username!: string;
  spaces!: SpaceToGoDto[];
  /** Names of API tokens, the first 200. */
  tokens!: string[];
  sessions!: number;
  /** Names of the groups that they leave. */
  groups!: string[];
  /** Since when they are being deleted; 0: they are not. */
  deletionRequestedAt!: number;
}

export class UserDeletionQueryDto extends ConfirmQueryDto {
  /** `delete`: the user's spaces go too, with their volumes; without it a user who has spaces is not deleted. */
  @IsOptional()
  @ApiPropertyOptional({ enum: ['delete'] })
  @IsIn(['delete'])
  spaces?: 'delete';
}
