import { IsInt, IsOptional, Max, Min } from 'class-validator';
import { ApiSchema } from '../openapi/api.decorator.js';

const MOST = 1_000_000;

/** Quotas that a change sets; those not named stay as they are. */
export class LimitsChangeDto {
  /** Spaces there are; 0 = unlimited. */
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(MOST)
  maxSpaces?: number;
  /** Spaces that may run at once; 0 = unlimited. */
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(MOST)
  maxRunning?: number;
  /** Compute units of running spaces; 0 = unlimited. */
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(MOST)
  computeUnits?: number;
  /** Storage units of spaces that have volumes; 0 = unlimited. */
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(MOST)
  storageUnits?: number;
}

@ApiSchema({ name: 'Limits' })
export class LimitsDto {
  /** Spaces there are. */
  maxSpaces!: number;
  /** Spaces that run or should. */
  maxRunning!: number;
  /** Compute units of running spaces. */
  computeUnits!: number;
  /** Storage units of spaces that were started once. */
  storageUnits!: number;
}

@ApiSchema({ name: 'GroupLimits' })
export class GroupLimitsDto extends LimitsDto {
  id!: string;
  name!: string;
}

@ApiSchema({ name: 'Quota' })
export class QuotaDto {
  /** What counts: the user's own and those of the groups, added; 0 = unlimited. */
  limits!: LimitsDto;
  used!: LimitsDto;
  own!: LimitsDto;
  groups!: GroupLimitsDto[];
}
