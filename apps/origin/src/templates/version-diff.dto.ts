import { RESTART_POLICIES, type RestartPolicy } from '@knot/domain';
import { ApiProperty, ApiSchema } from '../openapi/api.decorator.js';

@ApiSchema({ name: 'RestartChange' })
export class RestartChangeDto {
  @ApiProperty({ enum: RESTART_POLICIES })
  from!: RestartPolicy;
  @ApiProperty({ enum: RESTART_POLICIES })
  to!: RestartPolicy;
}

@ApiSchema({ name: 'TemplateVersionDiff' })
export class TemplateVersionDiffDto {
  templateId!: string;
  from!: number;
  to!: number;
  /** Unified diff of the jobs; empty where they are the same. */
  job!: string;
  /** Unified diff of the volumes; empty where they are the same. */
  volumes!: string;
  /** Null where it is the same. */
  @ApiProperty({ type: RestartChangeDto, nullable: true })
  restart!: RestartChangeDto | null;
  exceptionsAdded!: string[];
  exceptionsRemoved!: string[];
}
