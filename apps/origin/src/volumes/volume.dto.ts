import { PLATFORMS, locationNameProblem, volumeNameProblem, type Platform } from '@knot/domain';
import { ApiProperty, ApiSchema } from '../openapi/api.decorator.js';
import { IsIn, IsOptional, IsString, MaxLength } from 'class-validator';
import { Follows } from '../http/follows.decorator.js';
import { PageQueryDto } from '../http/page.dto.js';
import { ConditionDto } from '../spaces/condition.dto.js';

export const VOLUME_WANTS = ['present', 'absent'] as const;

@ApiSchema({ name: 'Volume' })
export class VolumeDto {
  id!: string;
  name!: string;
  @ApiProperty({ enum: PLATFORMS })
  platform!: Platform;
  location!: string;
  /** YAML with exactly one volume. */
  definition!: string;
  @ApiProperty({ enum: ['present', 'absent', 'deleted'] })
  want!: 'present' | 'absent' | 'deleted';
  generation!: number;
  /** What its leaf says of it; '' before the first word. */
  state!: string;
  conditions!: ConditionDto[];
  /** Of the leaf's last word; 0 when there was none. */
  asOf!: number;
  createdAt!: number;
  /** Also the ETag. */
  version!: number;
}

@ApiSchema({ name: 'VolumePage' })
export class VolumePageDto {
  items!: VolumeDto[];
  @ApiProperty({ type: String, nullable: true })
  next!: string | null;
}

export class VolumeQueryDto extends PageQueryDto {
  @IsOptional()
  @IsString()
  @MaxLength(64)
  q?: string;
  @IsOptional()
  @Follows(locationNameProblem)
  location?: string;
}

@ApiSchema({ name: 'VolumeCreate' })
export class VolumeCreateDto {
  @Follows(volumeNameProblem)
  name!: string;
  @ApiProperty({ enum: PLATFORMS })
  @IsIn(PLATFORMS)
  platform!: Platform;
  @Follows(locationNameProblem)
  location!: string;
  @IsString()
  @MaxLength(1_048_576)
  definition!: string;
}

@ApiSchema({ name: 'VolumeChange' })
export class VolumeChangeDto {
  /** `absent` destroys its data at the backend and needs `confirm`. */
  @ApiProperty({ enum: VOLUME_WANTS })
  @IsOptional()
  @IsIn(VOLUME_WANTS)
  want?: 'present' | 'absent';
  /** Only while the volume is absent. */
  @IsOptional()
  @IsString()
  @MaxLength(1_048_576)
  definition?: string;
  /** The volume's name, where data is to be destroyed. */
  @IsOptional()
  @IsString()
  @MaxLength(64)
  confirm?: string;
}
