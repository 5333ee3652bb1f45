import {
  ALL_PERMISSIONS,
  ROLES,
  TOKEN_SCOPES,
  emailProblem,
  tokenNameProblem,
  usernameProblem,
  type Permission,
  type Role,
  type TokenScope,
} from '@knot/domain';
import { ApiProperty, ApiSchema } from '../openapi/api.decorator.js';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  Max,
  MaxLength,
  Min,
} from 'class-validator';
import { Follows } from '../http/follows.decorator.js';

@ApiSchema({ name: 'SetupState' })
export class SetupStateDto {
  /** Whether the first administrator is still to be made. */
  needed!: boolean;
}

@ApiSchema({ name: 'SetupDone' })
export class SetupDoneDto extends SetupStateDto {
  /** Where one-time codes are compulsory: the link by which the administrator sets up an authenticator; else empty. */
  totpUrl!: string;
}

@ApiSchema({ name: 'Setup' })
export class SetupDto {
  /** The set-up code that the server printed in its log. */
  @IsString()
  @MaxLength(64)
  code!: string;
  @Follows(usernameProblem)
  username!: string;
  @Follows(emailProblem)
  email!: string;
  /** 10 characters or more. */
  @IsString()
  @MaxLength(256)
  password!: string;
}

@ApiSchema({ name: 'Login' })
export class LoginDto {
  /** User name or e-mail address. */
  @IsString()
  @MaxLength(254)
  username!: string;
  @IsString()
  @MaxLength(256)
  password!: string;
  /** Of the authenticator, or a recovery code; asked for by `auth.required` with the reason `totp`. */
  @IsOptional()
  @IsString()
  @MaxLength(16)
  code?: string;
}

@ApiSchema({ name: 'Me' })
export class MeDto {
  id!: string;
  username!: string;
  email!: string;
  @ApiProperty({ enum: ROLES })
  role!: Role;
  /** By all their roles; all of them for an administrator. */
  @ApiProperty({ enum: ALL_PERMISSIONS, isArray: true })
  permissions!: Permission[];
  /** Ids. */
  groups!: string[];
  timezone!: string;
  /** Whether a one-time code is asked for at sign-in. */
  totp!: boolean;
  /** Whether an account at the OpenID provider lets them in. */
  linked!: boolean;
  /** Whether they have a password here. */
  password!: boolean;
  /** Quota of spaces that may run at once, with those of the groups; 0 = unlimited. */
  maxRunning!: number;
  /** Spaces that run or should. */
  running!: number;
  @ApiProperty({ enum: ['session', 'token'] })
  via!: 'session' | 'token';
  @ApiProperty({ enum: TOKEN_SCOPES, isArray: true })
  scopes!: TokenScope[];
}

@ApiSchema({ name: 'PasswordChange' })
export class PasswordChangeDto {
  @IsString()
  @MaxLength(256)
  present!: string;
  /** 10 characters or more. */
  @IsString()
  @MaxLength(256)
  password!: string;
}

@ApiSchema({ name: 'Session' })
export class SessionDto {
  id!: string;
  /** Whether it is the one that asks. */
  current!: boolean;
  address!: string;
  userAgent!: string;
  createdAt!: number;
  expiresAt!: number;
}

@ApiSchema({ name: 'SessionPage' })
export class SessionPageDto {
  items!: SessionDto[];
  @ApiProperty({ type: String, nullable: true })
  next!: string | null;
}

@ApiSchema({ name: 'TokenCreate' })
export class TokenCreateDto {
  @Follows(tokenNameProblem)
  name!: string;
  /** `*` everything its user may, `read` nothing but reading, `spaces` one's own spaces only. */
  @ApiProperty({ enum: TOKEN_SCOPES, isArray: true })
  @IsArray()
  @IsIn(TOKEN_SCOPES, { each: true })
  @ArrayMinSize(1)
  @ArrayMaxSize(TOKEN_SCOPES.length)
  @ArrayUnique()
  scopes!: TokenScope[];
  /** Days until it ends, 1 to 3650; 90 when not given. */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(3650)
  days?: number;
}

@ApiSchema({ name: 'Token' })
export class TokenDto {
  id!: string;
  name!: string;
  @ApiProperty({ enum: TOKEN_SCOPES, isArray: true })
  scopes!: TokenScope[];
  createdAt!: number;
  /** 0 = never */
  expiresAt!: number;
  /** To the minute; 0 = never */
  lastUsedAt!: number;
}

@ApiSchema({ name: 'TokenPage' })
export class TokenPageDto {
  items!: TokenDto[];
  @ApiProperty({ type: String, nullable: true })
  next!: string | null;
}

@ApiSchema({ name: 'TokenMade' })
export class TokenMadeDto extends TokenDto {
  /** Shown this once; sent as `Authorization: Bearer <token>`. Empty in the replay of an idempotent request. */
  token!: string;
}
