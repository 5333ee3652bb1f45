import { locationNameProblem } from '@knot/domain';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, Max, Min } from 'class-validator';
import { Follows } from '../http/follows.decorator.js';
import { PageQueryDto } from '../http/page.dto.js';
import { ApiProperty, ApiSchema } from '../openapi/api.decorator.js';
import { SpaceBehindDto } from './roll-out-choice.dto.js';

/** `unknown`: the location could not be asked. `refused`: an update or a start of it would be. */
export const IMPACT_EFFECTS = ['restart', 'in-place', 'nothing', 'next-start', 'refused', 'unknown'] as const;

export type ImpactEffect = (typeof IMPACT_EFFECTS)[number];

export class ImpactQueryDto extends PageQueryDto {
  /** Number of the version to look at; the present one when not given. */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(1_000_000_000)
  number?: number;
  @IsOptional()
  @Follows(locationNameProblem)
  location?: string;
}

@ApiSchema({ name: 'SpaceImpact' })
export class SpaceImpactDto extends SpaceBehindDto {
  /**
   * `restart`: what runs is ended and started anew. `in-place`: it runs on, changed. `nothing`: its backend has nothing to
   * change. `next-start`: it does not run; all that is told counts for its next start. `refused`: see `message`. `unknown`:
   * the location could not be asked; `message` says why.
   */
  @ApiProperty({ enum: IMPACT_EFFECTS })
  effect!: ImpactEffect;
  /** For a person; empty where `effect` says it all. */
  message!: string;
  /** What to do about `message`. */
  hint!: string;
  /** What the backend would change, a line each, values left out where they may be secret. */
  changes!: string[];
  /** Names of what the template reads and that has another value than at the last start, e.g. `var.image`. */
  environment!: string[];
  /** Names of volumes, as in the template, that would be made or attached. */
  volumesAdded!: string[];
  /** Names of volumes that would be detached. Their data stays until the space is deleted. */
  volumesDetached!: string[];
  /** What the backend remarks of the texts. */
  warnings!: string[];
}

@ApiSchema({ name: 'TemplateImpact' })
export class TemplateImpactDto {
  /** The version that was looked at. */
  number!: number;
  /** Spaces that were started with another version, by name. */
  items!: SpaceImpactDto[];
  @ApiProperty({ type: String, nullable: true })
  next!: string | null;
}
