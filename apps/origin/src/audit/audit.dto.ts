import { ApiProperty, ApiSchema } from '../openapi/api.decorator.js';
import { IsOptional, IsString, MaxLength } from 'class-validator';
import { PageQueryDto } from '../http/page.dto.js';

@ApiSchema({ name: 'AuditEntry' })
export class AuditEntryDto {
  id!: string;
  at!: number;
  /** User name, or `system`. */
  actor!: string;
  action!: string;
  subjectKind!: string;
  subjectId!: string;
  location!: string;
  address!: string;
  @ApiProperty({ enum: ['done', 'refused'] })
  outcome!: 'done' | 'refused';
  @ApiProperty({ type: 'object', additionalProperties: true })
  details!: Record<string, unknown>;
}

@ApiSchema({ name: 'AuditPage' })
export class AuditPageDto {
  /** Newest first. */
  items!: AuditEntryDto[];
  @ApiProperty({ type: String, nullable: true })
  next!: string | null;
}

export class AuditQueryDto extends PageQueryDto {
  @IsOptional()
  @IsString()
  @MaxLength(64)
  actor?: string;
  @IsOptional()
  @IsString()
  @MaxLength(64)
  action?: string;
  /** Id of a space, template ... */
  @IsOptional()
  @IsString()
  @MaxLength(128)
  subject?: string;
}
