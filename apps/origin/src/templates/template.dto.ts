import {
  PLATFORMS,
  RESTART_POLICIES,
  locationNameProblem,
  templateNameProblem,
  type Platform,
  type RestartPolicy,
} from '@knot/domain';
import { Type } from 'class-transformer';
import { TemplatePortDto } from '../spaces/shared-port.dto.js';
import { ScheduleDto } from './schedule.dto.js';
import { ApiProperty, ApiPropertyOptional, ApiSchema } from '../openapi/api.decorator.js';
import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { Follows } from '../http/follows.decorator.js';
import { PageQueryDto } from '../http/page.dto.js';

@ApiSchema({ name: 'Template' })
export class TemplateDto {
  id!: string;
  name!: string;
  description!: string;
  @ApiProperty({ enum: PLATFORMS })
  platform!: Platform;
  /** Number of the present version, from 1. */
  present!: number;
  /** Ids of the groups whose members may use it; empty: everybody. */
  groups!: string[];
  /** Names of the locations it is for; empty: every location. */
  locations!: string[];
  /** What a space of it takes of its owner's quota while it runs. */
  computeUnits!: number;
  /** What a space of it takes of its owner's quota from its first start until it is deleted. */
  storageUnits!: number;
  /** When spaces of it may run; null: always. */
  @ApiProperty({ type: ScheduleDto, nullable: true })
  schedule!: ScheduleDto | null;
  /** What its spaces offer, beside what their environment says. */
  ports!: TemplatePortDto[];
  /** Spaces made from it. */
  spaces!: number;
  createdAt!: number;
  updatedAt!: number;
  /** Also the ETag. */
  version!: number;
}

@ApiSchema({ name: 'TextWarning' })
export class TextWarningDto {
  message!: string;
  hint!: string;
  /** Of the rendered text, from 1; 0 when unknown. */
  line!: number;
  column!: number;
}

@ApiSchema({ name: 'TemplateDetail' })
export class TemplateDetailDto extends TemplateDto {
  /** Job or manifest text of the present version; for administrators only. */
  job?: string;
  /** Volumes of the present version; for administrators only. */
  volumes?: string;
  @ApiProperty({ enum: RESTART_POLICIES })
  restart!: RestartPolicy;
  /** Exceptions from a location's policy that this version has, e.g. `driver:raw_exec`. */
  exceptions!: string[];
  /** Names of the variables that the texts use. */
  variables!: string[];
  /** What a location of it says of the texts, or that none could be asked; only in the answer to a save. */
  warnings?: TextWarningDto[];
}

@ApiSchema({ name: 'TemplatePage' })
export class TemplatePageDto {
  items!: TemplateDto[];
  @ApiProperty({ type: String, nullable: true })
  next!: string | null;
}

export class TemplateQueryDto extends PageQueryDto {
  /** Part of the name. */
  @IsOptional()
  @IsString()
  @MaxLength(64)
  q?: string;
  @ApiPropertyOptional({ enum: PLATFORMS })
  @IsOptional()
  @IsIn(PLATFORMS)
  platform?: Platform;
}

/** What a version of a template is made of. */
export class TemplateTextDto {
  /** Text with `${{ }}`: a job (HCL or JSON) for nomad, YAML for local; at most 2.5 MiB with the volumes. */
  @IsString()
  job!: string;
  /** Volumes, YAML with `${{ }}`; at most 2.5 MiB with the job. */
  @IsOptional()
  @IsString()
  volumes?: string;
  /** What to do when the workload ends by itself; `always` when not given. */
  @ApiPropertyOptional({ enum: RESTART_POLICIES })
  @IsOptional()
  @IsIn(RESTART_POLICIES)
  restart?: RestartPolicy;
  /** Exceptions from the policy of locations, e.g. `driver:raw_exec`, `host-volume:<name>`. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(50)
  @ArrayUnique()
  @Matches(/^[a-z-]+(:[A-Za-z0-9/._-]+)?$/, {
    each: true,
    message: 'An exception has the form kind or kind:name, e.g. driver:raw_exec.',
  })
  @MaxLength(200, { each: true })
  exceptions?: string[];
  /** What is new in this version. */
  @IsOptional()
  @IsString()
  @MaxLength(1024)
  note?: string;
}

/** For whom and where a template is, and what it takes; what is not named stays as it is. */
export class TemplateScopeDto extends TemplateTextDto {
  /** Ids of the groups whose members may use it; empty: everybody. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(100)
  @ArrayUnique()
  @IsUUID(undefined, { each: true })
  groups?: string[];
  /** Names of the locations it is for; empty: every location. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(500)
  @ArrayUnique()
  @Matches(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, { each: true, message: 'This is no name of a location.' })
  locations?: string[];
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(1_000_000)
  computeUnits?: number;
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(1_000_000)
  storageUnits?: number;
  /** When spaces of it may run; null: always. */
  @ApiPropertyOptional({ type: ScheduleDto, nullable: true })
  @IsOptional()
  @ValidateNested()
  @Type(() => ScheduleDto)
  schedule?: ScheduleDto | null;
  /** What its spaces offer, beside what their environment says; counts from the next start. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(50)
  @ArrayUnique((one: TemplatePortDto) => one.port)
  @ValidateNested({ each: true })
  @Type(() => TemplatePortDto)
  ports?: TemplatePortDto[];
}

@ApiSchema({ name: 'TemplateCreate' })
export class TemplateCreateDto extends TemplateScopeDto {
  @Follows(templateNameProblem)
  name!: string;
  @IsOptional()
  @IsString()
  @MaxLength(1024)
  description?: string;
  @ApiProperty({ enum: PLATFORMS })
  @IsIn(PLATFORMS)
  platform!: Platform;
}

/** A new version where a text, the restart policy or the exceptions differ; else only name and description change. */
@ApiSchema({ name: 'TemplatePut' })
export class TemplatePutDto extends TemplateScopeDto {
  @Follows(templateNameProblem)
  name!: string;
  @IsOptional()
  @IsString()
  @MaxLength(1024)
  description?: string;
}

@ApiSchema({ name: 'TemplateVersion' })
export class TemplateVersionDto {
  templateId!: string;
  number!: number;
  /** User name of who saved it. */
  author!: string;
  /** User name of who approved it for protected variables; empty when nobody has. */
  approvedBy!: string;
  note!: string;
  @ApiProperty({ enum: RESTART_POLICIES })
  restart!: RestartPolicy;
  exceptions!: string[];
  createdAt!: number;
}

@ApiSchema({ name: 'TemplateVersionDetail' })
export class TemplateVersionDetailDto extends TemplateVersionDto {
  job!: string;
  volumes!: string;
}

@ApiSchema({ name: 'TemplateVersionPage' })
export class TemplateVersionPageDto {
  items!: TemplateVersionDto[];
  @ApiProperty({ type: String, nullable: true })
  next!: string | null;
}

@ApiSchema({ name: 'RenderTest' })
export class RenderTestDto {
  /** Whose variables and facts to use; the origin's own location when not given. */
  @IsOptional()
  @Follows(locationNameProblem)
  location?: string;
  /** Of the user it is rendered for; the asker when not given. */
  @IsOptional()
  @IsUUID()
  userId?: string;
  /** Texts to try instead of the saved ones. */
  @IsOptional()
  @IsString()
  job?: string;
  @IsOptional()
  @IsString()
  volumes?: string;
}

@ApiSchema({ name: 'TextProblem' })
export class TextProblemDto {
  @ApiProperty({ enum: ['job', 'volumes'] })
  text!: 'job' | 'volumes';
  code!: string;
  message!: string;
  hint!: string;
  /** From 1; 0 when unknown. */
  line!: number;
  column!: number;
}

@ApiSchema({ name: 'RenderResult' })
export class RenderResultDto {
  ok!: boolean;
  /** Rendered for a made-up space, protected values masked; empty where it failed. */
  job!: string;
  volumes!: string;
  problems!: TextProblemDto[];
  /** What the location's backend says of texts that render, or that it could not be asked. */
  warnings!: TextWarningDto[];
}
