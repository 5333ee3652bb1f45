import { PLATFORMS, PORT_SHARES, spaceNameProblem, usernameProblem, type Platform, type PortShare } from '@knot/domain';
import { Type } from 'class-transformer';
import { ApiProperty, ApiSchema } from '../openapi/api.decorator.js';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsOptional,
  IsString,
  IsUUID,
  MaxLength,
  ValidateNested,
} from 'class-validator';
import { Follows } from '../http/follows.decorator.js';

@ApiSchema({ name: 'PlatformState' })
export class PlatformStateDto {
  @ApiProperty({ enum: PLATFORMS })
  platform!: Platform;
  ready!: boolean;
  version!: string;
  /** What is wrong where it is not ready; else what it has in all (`3 nodes, 24.0 GHz, 96 GiB`), where it tells. */
  message!: string;
  /** Whether the leaf holds the lock in the backend. */
  lockHeld!: boolean;
}

@ApiSchema({ name: 'LocationLeaf' })
export class LocationLeafDto {
  version!: string;
  protocol!: number;
  /** Per-process id of who holds the lease; '' when nobody. */
  holder!: string;
  instance!: string;
  term!: number;
}

@ApiSchema({ name: 'Location' })
export class LocationDto {
  name!: string;
  /** An origin's own. */
  builtIn!: boolean;
  /** Whether its leaf is heard of now. */
  live!: boolean;
  /** Without another word from the leaf it is silent from then on; 0 when it is already. */
  liveUntil!: number;
  /** When its leaf was last heard of; 0 when never. */
  asOf!: number;
  /** Null when no leaf ever came. */
  @ApiProperty({ type: LocationLeafDto, nullable: true })
  leaf!: LocationLeafDto | null;
  platforms!: PlatformStateDto[];
  /** Spaces whose location this is. */
  spaces!: number;
  /** Keys on the leaf's queue at its last word. */
  queue!: number;
  /** Revisions that the leaf has not stored yet. */
  lag!: number;
  /** Instances that wait for an administrator's word. */
  waiting!: number;
  orphans!: number;
  createdAt!: number;
  /** Also the ETag. */
  version!: number;
}

@ApiSchema({ name: 'LeafInstance' })
export class LeafInstanceDto {
  id!: string;
  @ApiProperty({ enum: ['let-in', 'waiting', 'revoked'] })
  state!: 'let-in' | 'waiting' | 'revoked';
  address!: string;
  since!: number;
}

@ApiSchema({ name: 'PortPolicy' })
export class PortPolicyDto {
  /** With whom a web port is shared that neither owner nor template says anything of. */
  @ApiProperty({ enum: PORT_SHARES })
  @IsIn(PORT_SHARES)
  share!: PortShare;
  /** Whether ports may be public; where not, `public` is `users`. */
  @IsBoolean()
  public!: boolean;
}

@ApiSchema({ name: 'LocationPolicy' })
export class LocationPolicyDto {
  /** Task drivers that templates may use there. */
  @IsArray()
  @IsString({ each: true })
  @MaxLength(64, { each: true })
  @ArrayMaxSize(50)
  drivers!: string[];
  /** Host volumes that templates may mount there. */
  @IsArray()
  @IsString({ each: true })
  @MaxLength(128, { each: true })
  @ArrayMaxSize(200)
  hostVolumes!: string[];
  /** Of web ports of spaces there; not given: as it was. */
  @IsOptional()
  @ValidateNested()
  @Type(() => PortPolicyDto)
  ports?: PortPolicyDto;
  /** Whether its leaf may start and stop its spaces for whoever says so at the backend (`kubectl`); as it is when left out. */
  @IsOptional()
  @IsBoolean()
  leafWishes?: boolean;
}

@ApiSchema({ name: 'LocationFacts' })
export class LocationFactsDto {
  url!: string;
  agentEndpoint!: string;
  wildcardDomain!: string;
  timezone!: string;
  nomadDc!: string;
  nomadRegion!: string;
  /** Where users reach its leaf themselves; not given or empty where only the origin does. */
  directUrl?: string;
  /** SHA-256 of the certificate that it shows there, where it made that itself. */
  directFingerprint?: string;
  /** The one host of apps there, where no wildcard name can be had; not given or empty for none. */
  appsUrl?: string;
}

@ApiSchema({ name: 'LocationDetail' })
export class LocationDetailDto extends LocationDto {
  /** What templates read as `.server` and `.nomad` there; null before its leaf's first word. */
  @ApiProperty({ type: LocationFactsDto, nullable: true })
  facts!: LocationFactsDto | null;
  policy!: LocationPolicyDto;
  /** Head of its revision log, and the revision the leaf has stored. */
  headRev!: number;
  appliedRev!: number;
  /** Whether it has an enrolment token of its own. */
  hasToken!: boolean;
  /** For administrators only. */
  instances?: LeafInstanceDto[];
}

@ApiSchema({ name: 'LocationList' })
export class LocationListDto {
  items!: LocationDto[];
  @ApiProperty({ type: String, nullable: true })
  next!: string | null;
}

@ApiSchema({ name: 'LocationToken' })
export class LocationTokenDto {
  location!: string;
  /** `shared_token` for the leaf of this location; shown this once, and the one before it ends. */
  token!: string;
}

@ApiSchema({ name: 'Orphan' })
export class OrphanDto {
  spaceId!: string;
  location!: string;
  @ApiProperty({ enum: PLATFORMS })
  platform!: Platform;
  /** User name of the owner as the backend object or the leaf has it; may be empty. */
  ownerName!: string;
  name!: string;
  createdAt!: number;
  seenAt!: number;
  /** Whether enough is known to make it a space again. */
  adoptable!: boolean;
}

@ApiSchema({ name: 'OrphanList' })
export class OrphanListDto {
  items!: OrphanDto[];
  @ApiProperty({ type: String, nullable: true })
  next!: string | null;
}

@ApiSchema({ name: 'OrphanAdopt' })
export class OrphanAdoptDto {
  /** User name of the new owner; the one it had when not given. */
  @IsOptional()
  @Follows(usernameProblem)
  owner?: string;
  /** A name for it; the one it had when not given. */
  @IsOptional()
  @Follows(spaceNameProblem)
  name?: string;
}

@ApiSchema({ name: 'OrphanRemove' })
export class OrphanRemoveDto {
  /** The orphan's name, or its space id where it has none: its volumes go with it. */
  @IsString()
  @MaxLength(64)
  confirm!: string;
}

@ApiSchema({ name: 'ForceForget' })
export class ForceForgetDto {
  /** The location's name. */
  @IsString()
  @MaxLength(64)
  confirm!: string;
}

@ApiSchema({ name: 'Forgotten' })
export class ForgottenDto {
  location!: string;
  /** Spaces that are orphans now. */
  spaces!: number;
}

@ApiSchema({ name: 'BulkDelete' })
export class BulkDeleteDto {
  @IsArray()
  @IsUUID(undefined, { each: true })
  @ArrayMaxSize(500)
  spaceIds!: string[];
  /** More than max(10, 20 %) of a location's spaces: `true` in a second request. */
  @IsOptional()
  @IsBoolean()
  sure?: boolean;
}

@ApiSchema({ name: 'BulkDeleted' })
export class BulkDeletedDto {
  /** Spaces whose deletion was accepted. */
  spaceIds!: string[];
}
