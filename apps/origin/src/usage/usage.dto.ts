import { USAGE_BUCKETS, type UsageBucket } from '@knot/domain';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, Max, Min } from 'class-validator';
import { ApiProperty, ApiPropertyOptional, ApiSchema } from '../openapi/api.decorator.js';

/** The last moment that a date can say. */
const LATEST = 8_640_000_000_000_000;

export class UsageQueryDto {
  /** `hour`: of the last 31 days; `day`: of the last two years, days of UTC. */
  @IsOptional()
  @ApiPropertyOptional({ enum: USAGE_BUCKETS })
  @IsIn(USAGE_BUCKETS)
  bucket?: UsageBucket;
  /** From this time on; 7 days of hours or 90 days where it is not said. */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(LATEST)
  since?: number;
  /** Before this time; now where it is not said. */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(LATEST)
  until?: number;
}

@ApiSchema({ name: 'UsagePoint' })
export class UsagePointDto {
  /** First moment of the hour or day; the figures are the most that were seen at once in it. */
  at!: number;
  spaces!: number;
  running!: number;
  /** Of running spaces. */
  computeUnits!: number;
  /** Of spaces that were started once. */
  storageUnits!: number;
}

@ApiSchema({ name: 'UsageHistory' })
export class UsageHistoryDto {
  @ApiProperty({ enum: USAGE_BUCKETS })
  bucket!: UsageBucket;
  /** As far back as was asked for and anything is kept. */
  since!: number;
  until!: number;
  /** Oldest first, the newest with what is used now; none of a time in which no origin ran. */
  points!: UsagePointDto[];
}
