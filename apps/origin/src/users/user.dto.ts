import { ROLES, USER_ROLE, emailProblem, usernameProblem, type Role } from '@knot/domain';
import { ApiProperty, ApiSchema } from '../openapi/api.decorator.js';
import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsIn,
  IsOptional,
  IsString,
  IsTimeZone,
  IsUUID,
  Matches,
  MaxLength,
} from 'class-validator';
import { Follows } from '../http/follows.decorator.js';
import { PageQueryDto } from '../http/page.dto.js';
import { LimitsChangeDto } from './limits.dto.js';

const ROLE_ID = new RegExp(`^(${USER_ROLE.id}|[0-9a-f-]{36})$`);

@ApiSchema({ name: 'User' })
export class UserDto {
  id!: string;
  username!: string;
  email!: string;
  @ApiProperty({ enum: ROLES })
  role!: Role;
  /** Ids of further roles; `user` is the one that is always there. */
  roles!: string[];
  /** Ids. */
  groups!: string[];
  /** False: may not sign in, and none of its spaces runs. */
  active!: boolean;
  timezone!: string;
  /** Whether a one-time code is asked for at sign-in. */
  totp!: boolean;
  /** Quotas of the user's own, to which those of the groups are added; 0 = unlimited. */
  maxSpaces!: number;
  maxRunning!: number;
  computeUnits!: number;
  storageUnits!: number;
  /** Spaces that run or should. */
  running!: number;
  /** All its spaces. */
  spaces!: number;
  /** Since when they are being deleted, for as long as a space of theirs is left; 0: they stay. */
  deletionRequestedAt!: number;
  createdAt!: number;
  /** Also the ETag: send it as `If-Match` to change what was read. */
  version!: number;
}

@ApiSchema({ name: 'UserPage' })
export class UserPageDto {
  items!: UserDto[];
  @ApiProperty({ type: String, nullable: true })
  next!: string | null;
}

export class UserQueryDto extends PageQueryDto {
  /** Part of the user name. */
  @IsOptional()
  @IsString()
  @MaxLength(64)
  q?: string;
}

/** What somebody may and where they belong; those not named stay as they are. */
export class MembershipDto extends LimitsChangeDto {
  @ApiProperty({ enum: ROLES })
  @IsOptional()
  @IsIn(ROLES)
  role?: Role;
  /** Ids of further roles, none that allows what the asker lacks. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(100)
  @ArrayUnique()
  @Matches(ROLE_ID, { each: true, message: 'The id of a role is a uuid, or user.' })
  roles?: string[];
  /** Ids of groups. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(100)
  @ArrayUnique()
  @IsUUID(undefined, { each: true })
  groups?: string[];
}

@ApiSchema({ name: 'UserCreate' })
export class UserCreateDto extends MembershipDto {
  @Follows(usernameProblem)
  username!: string;
  @Follows(emailProblem)
  email!: string;
  @IsString()
  @MaxLength(256)
  password!: string;
  /** IANA name; the server's when not given. */
  @IsOptional()
  @IsTimeZone()
  timezone?: string;
}

@ApiSchema({ name: 'UserChange' })
export class UserChangeDto extends MembershipDto {
  @IsOptional()
  @Follows(emailProblem)
  email?: string;
  /** A new password ends the user's sessions and tokens. */
  @IsOptional()
  @IsString()
  @MaxLength(256)
  password?: string;
  /** False stops the user's spaces and ends sessions and tokens; it deletes nothing. */
  @IsOptional()
  @IsBoolean()
  active?: boolean;
  @IsOptional()
  @IsTimeZone()
  timezone?: string;
}
