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
  /** Number of the seal that covers it in the hash chain; 0 until it is sealed, some minutes later. */
  seal!: number;
}

@ApiSchema({ name: 'AuditPage' })
export class AuditPageDto {
  /** Newest first. */
  items!: AuditEntryDto[];
  @ApiProperty({ type: String, nullable: true })
  next!: string | null;
}

@ApiSchema({ name: 'AuditCheck' })
export class AuditCheckDto {
  /** Whether the chain holds. */
  ok!: boolean;
  seals!: number;
  /** Entries that seals cover. */
  sealed!: number;
  /** Entries that wait for a seal: they can be changed unseen. */
  unsealed!: number;
  /** What was changed, added or removed behind knot's back, one sentence each. */
  problems!: string[];
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
