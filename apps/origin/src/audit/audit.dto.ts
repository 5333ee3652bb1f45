import { ApiProperty, ApiPropertyOptional, ApiSchema } from '../openapi/api.decorator.js';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';

const AUDIT_OUTCOMES = ['done', 'refused'] as const;
type AuditOutcome = (typeof AUDIT_OUTCOMES)[number];

const AUDIT_FORMATS = ['csv', 'ndjson'] as const;
export type AuditFormat = (typeof AUDIT_FORMATS)[number];

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
  @ApiProperty({ enum: AUDIT_OUTCOMES })
  outcome!: AuditOutcome;
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

export class AuditFilterDto {
  /** User name, or `system`. */
  @IsOptional()
  @IsString()
  @MaxLength(64)
  actor?: string;
  /** As `space.start`; of a refusal the route, as `GET /api/v1/users`. */
  @IsOptional()
  @IsString()
  @MaxLength(200)
  action?: string;
  /** Id of a space, template ... */
  @IsOptional()
  @IsString()
  @MaxLength(128)
  subject?: string;
  @IsOptional()
  @ApiPropertyOptional({ enum: AUDIT_OUTCOMES })
  @IsIn(AUDIT_OUTCOMES)
  outcome?: AuditOutcome;
  /** From this time on. */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(Number.MAX_SAFE_INTEGER)
  since?: number;
  /** Before this time. */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(Number.MAX_SAFE_INTEGER)
  until?: number;
}

export class AuditQueryDto extends AuditFilterDto {
  /** Entries of a page, 1 to 200; a page that had to pass over very many others holds fewer. */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(200)
  limit?: number;
  /** `next` of the page before. */
  @IsOptional()
  @IsString()
  @MaxLength(1024)
  cursor?: string;
}

export class AuditExportQueryDto extends AuditFilterDto {
  /** `csv` for spreadsheets; `ndjson`: one entry a line, as the list has it. */
  @IsOptional()
  @ApiPropertyOptional({ enum: AUDIT_FORMATS })
  @IsIn(AUDIT_FORMATS)
  format?: AuditFormat;
}
