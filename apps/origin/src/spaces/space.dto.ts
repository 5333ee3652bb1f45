import {
  PHASES,
  PORT_KINDS,
  PORT_PROTOCOLS,
  PORT_SHARES,
  PLATFORMS,
  SHELLS,
  START_PHASES,
  WANTS,
  locationNameProblem,
  spaceNameProblem,
  type Phase,
  type Platform,
  type PortShare,
  type Want,
} from '@knot/domain';
import { ApiProperty, ApiPropertyOptional, ApiSchema } from '../openapi/api.decorator.js';
import { IsIn, IsInt, IsOptional, IsString, IsUUID, Max, MaxLength, Min } from 'class-validator';
import { Follows } from '../http/follows.decorator.js';
import { PageQueryDto } from '../http/page.dto.js';
import { OperationDto } from '../operations/operation.dto.js';
import { ConditionDto } from './condition.dto.js';
import { SharedPortDto } from './shared-port.dto.js';

export const SPACE_SORTS = ['name', '-name', 'createdAt', '-createdAt', 'location', '-location'] as const;

@ApiSchema({ name: 'SpaceOwner' })
export class SpaceOwnerDto {
  id!: string;
  username!: string;
}

@ApiSchema({ name: 'SpaceTemplate' })
export class SpaceTemplateDto {
  id!: string;
  name!: string;
  @ApiProperty({ enum: PLATFORMS })
  platform!: Platform;
  /** Version of the snapshot that runs or last ran; 0 before the first start. */
  version!: number;
  /** The template's present version. */
  present!: number;
}

@ApiSchema({ name: 'StartPhase' })
export class StartPhaseDto {
  @ApiProperty({ enum: START_PHASES })
  name!: (typeof START_PHASES)[number];
  at!: number;
}

@ApiSchema({ name: 'Space' })
export class SpaceDto {
  id!: string;
  name!: string;
  description!: string;
  owner!: SpaceOwnerDto;
  /** Who agreed to share it: they start, stop and enter it as its owner does. */
  sharedWith!: SpaceOwnerDto[];
  location!: string;
  /** The shell that was asked for; '': as its image says. */
  shell!: string;
  template!: SpaceTemplateDto;
  @ApiProperty({ enum: WANTS })
  want!: Want;
  generation!: number;
  /** Generation that the conditions speak of; 0 before the first report. */
  observedGeneration!: number;
  restarts!: number;
  /** Derived from what is wished for, what was seen, and whether the location is heard of. */
  @ApiProperty({ enum: PHASES })
  phase!: Phase;
  /** Why it is in this phase, one sentence; may be empty. */
  message!: string;
  conditions!: ConditionDto[];
  /** Steps of the present or last start with their times, in order. */
  phases!: StartPhaseDto[];
  /** A start of now would run another template version or other values. */
  updateAvailable!: boolean;
  /** When and why its schedule stops or starts it, one sentence; empty where there is none. */
  schedule!: string;
  /** When its schedule stops it; 0: it does not. */
  stopsAt!: number;
  /** When it starts by itself after its schedule has stopped it; 0: it does not. */
  startsAt!: number;
  /** Whether the location's leaf is heard of now; if not, all above is as of `asOf`. */
  live!: boolean;
  /** When the location's leaf last looked at this space; 0 when never. */
  asOf!: number;
  wishedAt!: number;
  createdAt!: number;
  /** Also the ETag. */
  version!: number;
}

@ApiSchema({ name: 'SpaceVolume' })
export class SpaceVolumeDto {
  name!: string;
  backendId!: string;
  @ApiProperty({ enum: ['ready', 'pending', 'missing', 'failed'] })
  state!: 'ready' | 'pending' | 'missing' | 'failed';
  message!: string;
  /** No longer in the template: kept, and destroyed only by a person's word or with its space. */
  detached!: boolean;
}

@ApiSchema({ name: 'TimelineEvent' })
export class TimelineEventDto {
  id!: string;
  at!: number;
  /** `knot` or the platform. */
  source!: string;
  reason!: string;
  message!: string;
}

@ApiSchema({ name: 'SpacePort' })
export class SpacePortDto {
  port!: number;
  /** For people; may be empty. */
  label!: string;
  @ApiProperty({ enum: PORT_PROTOCOLS })
  protocol!: (typeof PORT_PROTOCOLS)[number];
  /** Where it is an editor, or a desktop as a web page; else empty. */
  @ApiProperty({ enum: ['', ...PORT_KINDS] })
  kind!: '' | (typeof PORT_KINDS)[number];
  /** Where it is opened in a browser; empty where it is no web page, or this server has no `wildcard_domain`. */
  address!: string;
  /** The same straight to its leaf; empty where that has no address or domain of its own. */
  directAddress!: string;
  /** Who opens it: `owner`, `group`, `users` or `public`. */
  @ApiProperty({ enum: PORT_SHARES })
  share!: PortShare;
  /** Whose word that is. */
  @ApiProperty({ enum: ['owner', 'template', 'location'] })
  sharedBy!: 'owner' | 'template' | 'location';
}

@ApiSchema({ name: 'SpaceScript' })
export class SpaceScriptDto {
  name!: string;
  /** With which it ended, 128 and the number of a signal; null: it runs. */
  @ApiProperty({ type: Number, nullable: true })
  code!: number | null;
}

@ApiSchema({ name: 'SpaceDetail' })
export class SpaceDetailDto extends SpaceDto {
  /** User name of who asked for the present wish; '' before the first. */
  wishedBy!: string;
  /** `absent`, `foreign`, `pending`, `starting`, `healthy`, `unhealthy`, `ended`, `stopping`; '' before the first report. */
  workload!: string;
  /** The backend's own name of what runs; may be empty. */
  instance!: string;
  @ApiProperty({ type: Number, nullable: true })
  exitCode!: number | null;
  volumes!: SpaceVolumeDto[];
  /** What its agent sees that something listens on. */
  ports!: SpacePortDto[];
  /** Where VS Code opens it in the browser; empty where its agent has not seen that. */
  tunnel!: string;
  /** Start scripts that its agent has run or runs, in their order. */
  scripts!: SpaceScriptDto[];
  /** When somebody was last seen doing something in it, about; 0: nobody since it was started. */
  activeAt!: number;
  /** With whom its owner shares web ports of it, whether something listens there or not. */
  portShares!: SharedPortDto[];
  /** The orchestrator's and knot's own events, oldest first, at most 50. */
  events!: TimelineEventDto[];
  /** The latest wish; null when there was none. */
  @ApiProperty({ type: OperationDto, nullable: true })
  operation!: OperationDto | null;
}

@ApiSchema({ name: 'SpacePage' })
export class SpacePageDto {
  items!: SpaceDto[];
  @ApiProperty({ type: String, nullable: true })
  next!: string | null;
}

export class SpaceQueryDto extends PageQueryDto {
  /** User id or `me`; administrators see everybody's when not given, others their own. */
  @IsOptional()
  @IsString()
  @MaxLength(64)
  owner?: string;
  /** `with-me`: those that others share with oneself, all on one page. */
  @ApiPropertyOptional({ enum: ['with-me'] })
  @IsOptional()
  @IsIn(['with-me'])
  shared?: 'with-me';
  @IsOptional()
  @Follows(locationNameProblem)
  location?: string;
  /** Template id. */
  @IsOptional()
  @IsUUID()
  template?: string;
  @ApiPropertyOptional({ enum: PHASES })
  @IsOptional()
  @IsIn(PHASES)
  phase?: Phase;
  /** Part of the name. */
  @IsOptional()
  @IsString()
  @MaxLength(64)
  q?: string;
  @ApiPropertyOptional({ enum: SPACE_SORTS })
  @IsOptional()
  @IsIn(SPACE_SORTS)
  sort?: (typeof SPACE_SORTS)[number];
}

@ApiSchema({ name: 'SpaceCreate' })
export class SpaceCreateDto {
  @Follows(spaceNameProblem)
  name!: string;
  @IsUUID()
  templateId!: string;
  /** Of terminals and SSH, where its image has it; '' or not given: as the image says. */
  @IsOptional()
  @IsIn(['', ...SHELLS])
  shell?: string;
  /** When not given: a live location that has the template's platform, the origin's own first. */
  @IsOptional()
  @Follows(locationNameProblem)
  location?: string;
  @IsOptional()
  @IsString()
  @MaxLength(1024)
  description?: string;
}

@ApiSchema({ name: 'SpaceChange' })
export class SpaceChangeDto {
  @IsOptional()
  @Follows(spaceNameProblem)
  name?: string;
  /** For terminals and connections that are opened from then on; '': as its image says. */
  @IsOptional()
  @IsIn(['', ...SHELLS])
  shell?: string;
  @IsOptional()
  @IsString()
  @MaxLength(1024)
  description?: string;
}

@ApiSchema({ name: 'SpaceExtend' })
export class SpaceExtendDto {
  /** How much longer than it would run. */
  @IsInt()
  @Min(5)
  @Max(480)
  minutes!: number;
}

export class ConfirmQueryDto {
  /** The name of what is to go. */
  @IsOptional()
  @IsString()
  @MaxLength(64)
  confirm?: string;
}
