import { locationNameProblem } from '@knot/domain';
import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsOptional,
  IsUUID,
  Max,
  Min,
} from 'class-validator';
import { Follows } from '../http/follows.decorator.js';
import { PageQueryDto } from '../http/page.dto.js';
import { ApiProperty, ApiSchema } from '../openapi/api.decorator.js';
import { SpaceOwnerDto } from '../spaces/space.dto.js';

const ROLL_OUT_TO = ['all', 'location', 'spaces'] as const;

export class SpacesBehindQueryDto extends PageQueryDto {
  @IsOptional()
  @Follows(locationNameProblem)
  location?: string;
}

@ApiSchema({ name: 'SpaceBehind' })
export class SpaceBehindDto {
  id!: string;
  name!: string;
  owner!: SpaceOwnerDto;
  location!: string;
  /** The version that it was started with last. */
  templateVersion!: number;
  /** Whether it is to run now: a roll-out updates it. If not, it takes the present version at its next start. */
  running!: boolean;
}

@ApiSchema({ name: 'SpaceBehindPage' })
export class SpaceBehindPageDto {
  /** Number of the template's present version. */
  present!: number;
  items!: SpaceBehindDto[];
  @ApiProperty({ type: String, nullable: true })
  next!: string | null;
}

export class RollOutChoiceDto {
  /** Which of the running spaces that are behind: all, those of `location`, or those in `spaceIds`. */
  @ApiProperty({ enum: ROLL_OUT_TO })
  @IsIn(ROLL_OUT_TO)
  to!: (typeof ROLL_OUT_TO)[number];
  @IsOptional()
  @Follows(locationNameProblem)
  location?: string;
  @IsOptional()
  @IsArray()
  @IsUUID(undefined, { each: true })
  @ArrayUnique()
  @ArrayMaxSize(500)
  spaceIds?: string[];
  /** Number of the present version as the asker has seen it; refused where there is a newer one. */
  @IsInt()
  @Min(1)
  @Max(1_000_000_000)
  number!: number;
  /** More than max(10, 20 %) of the template's spaces: `true` in a second request. */
  @IsOptional()
  @IsBoolean()
  sure?: boolean;
}
