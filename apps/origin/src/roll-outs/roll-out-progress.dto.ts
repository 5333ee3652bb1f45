import {
  ROLL_OUT_MOMENTS,
  ROLL_OUT_SPACE_STATES,
  ROLL_OUT_STATES,
  locationNameProblem,
  type RollOutMoment,
  type RollOutSpaceState,
  type RollOutState,
} from '@knot/domain';
import { Type } from 'class-transformer';
import { IsBoolean, IsIn, IsInt, IsOptional, IsUUID, Max, Min, ValidateNested } from 'class-validator';
import { Follows } from '../http/follows.decorator.js';
import { PageQueryDto } from '../http/page.dto.js';
import { ApiProperty, ApiPropertyOptional, ApiSchema } from '../openapi/api.decorator.js';
import { RollOutChoiceDto } from '../templates/roll-out-choice.dto.js';

/** Give one of the three. */
@ApiSchema({ name: 'RollOutFirst' })
export class RollOutFirstDto {
  /** The spaces of this location. */
  @IsOptional()
  @Follows(locationNameProblem)
  location?: string;
  /** So many of a hundred, at least one. */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(99)
  percent?: number;
  /** So many spaces. */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(5_000)
  count?: number;
}

@ApiSchema({ name: 'RollOutBegin' })
export class RollOutBeginDto extends RollOutChoiceDto {
  @IsUUID()
  templateId!: string;
  /** `next-stop`: each space takes the version when it next stops, restarts or is closed by its schedule; `now` if not given. */
  @ApiPropertyOptional({ enum: ROLL_OUT_MOMENTS })
  @IsOptional()
  @IsIn(ROLL_OUT_MOMENTS)
  moment?: RollOutMoment;
  /** Which of the spaces go first, as a stage of their own: the others follow when these have come to an end. */
  @IsOptional()
  @ValidateNested()
  @Type(() => RollOutFirstDto)
  first?: RollOutFirstDto;
  /** Spaces that update at a time; 10 if not given. */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(500)
  atOnce?: number;
  /** Percent of failures of a stage beyond which the roll-out is held by itself; 10 if not given. */
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(100)
  failureLimit?: number;
  /** Minutes that a space may take to be ready before it counts as failed; 10 if not given. */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(1_440)
  patienceMinutes?: number;
}

@ApiSchema({ name: 'RollOutResume' })
export class RollOutResumeDto {
  /** Whether those that failed or were refused are tried once more. */
  @IsOptional()
  @IsBoolean()
  again?: boolean;
}

@ApiSchema({ name: 'RollOutCounts' })
export class RollOutCountsDto {
  waiting!: number;
  updating!: number;
  done!: number;
  failed!: number;
  refused!: number;
  skipped!: number;
}

@ApiSchema({ name: 'RollOutProgress' })
export class RollOutProgressDto {
  id!: string;
  templateId!: string;
  /** Name of the template; empty when it is gone. */
  template!: string;
  /** The version that it brings. */
  number!: number;
  /** The version that most of its spaces had before. */
  before!: number;
  @ApiProperty({ enum: ROLL_OUT_STATES })
  state!: RollOutState;
  /** Why it is held or ended, for a person; empty otherwise. */
  reason!: string;
  @ApiProperty({ enum: ROLL_OUT_MOMENTS })
  moment!: RollOutMoment;
  /** User name of who began it. */
  actor!: string;
  /** Spaces of each stage. */
  stages!: number[];
  /** Index of the stage at work. */
  stage!: number;
  atOnce!: number;
  failureLimit!: number;
  patienceMinutes!: number;
  /** Spaces of all stages by their state. */
  counts!: RollOutCountsDto;
  createdAt!: number;
  updatedAt!: number;
  /** Also the ETag. */
  version!: number;
}

@ApiSchema({ name: 'RollOutProgressPage' })
export class RollOutProgressPageDto {
  items!: RollOutProgressDto[];
  @ApiProperty({ type: String, nullable: true })
  next!: string | null;
}

@ApiSchema({ name: 'RollOutSpace' })
export class RollOutSpaceDto {
  spaceId!: string;
  /** Names as they were when it began. */
  name!: string;
  owner!: string;
  location!: string;
  /** The version that it had. */
  before!: number;
  stage!: number;
  @ApiProperty({ enum: ROLL_OUT_SPACE_STATES })
  state!: RollOutSpaceState;
  message!: string;
  hint!: string;
  /** Its update; empty while there is none. */
  operationId!: string;
  /** When the state last changed. */
  since!: number;
}

@ApiSchema({ name: 'RollOutSpacePage' })
export class RollOutSpacePageDto {
  items!: RollOutSpaceDto[];
  @ApiProperty({ type: String, nullable: true })
  next!: string | null;
}

export class RollOutQueryDto extends PageQueryDto {
  @IsOptional()
  @IsUUID()
  templateId?: string;
  @ApiPropertyOptional({ enum: ROLL_OUT_STATES })
  @IsOptional()
  @IsIn(ROLL_OUT_STATES)
  state?: RollOutState;
}

export class RollOutSpaceQueryDto extends PageQueryDto {
  @ApiPropertyOptional({ enum: ROLL_OUT_SPACE_STATES })
  @IsOptional()
  @IsIn(ROLL_OUT_SPACE_STATES)
  state?: RollOutSpaceState;
}
