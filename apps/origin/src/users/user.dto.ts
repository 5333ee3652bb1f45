import { ROLES, emailProblem, usernameProblem, type Role } from '@knot/domain';
import { ApiProperty, ApiSchema } from '../openapi/api.decorator.js';
import { IsBoolean, IsIn, IsInt, IsOptional, IsString, IsTimeZone, Max, MaxLength, Min } from 'class-validator';
import { Follows } from '../http/follows.decorator.js';
import { PageQueryDto } from '../http/page.dto.js';

@ApiSchema({ name: 'User' })
export class UserDto {
  id!: string;
  username!: string;
  email!: string;
  @ApiProperty({ enum: ROLES })
  role!: Role;
  /** False: may not sign in, and none of its spaces runs. */
  active!: boolean;
  timezone!: string;
  /** Quota of spaces that may run at once; 0 = unlimited. */
  maxRunning!: number;
  /** Spaces that run or should. */
  running!: number;
  /** All its spaces. */
  spaces!: number;
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

@ApiSchema({ name: 'UserCreate' })
export class UserCreateDto {
  @Follows(usernameProblem)
  username!: string;
  @Follows(emailProblem)
  email!: string;
  @IsString()
  @MaxLength(256)
  password!: string;
  @ApiProperty({ enum: ROLES })
  @IsOptional()
  @IsIn(ROLES)
  role?: Role;
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(10_000)
  maxRunning?: number;
  /** IANA name; the server's when not given. */
  @IsOptional()
  @IsTimeZone()
  timezone?: string;
}

@ApiSchema({ name: 'UserChange' })
export class UserChangeDto {
  @IsOptional()
  @Follows(emailProblem)
  email?: string;
  /** A new password ends the user's sessions and tokens. */
  @IsOptional()
  @IsString()
  @MaxLength(256)
  password?: string;
  @ApiProperty({ enum: ROLES })
  @IsOptional()
  @IsIn(ROLES)
  role?: Role;
  /** False stops the user's spaces and ends sessions and tokens; it deletes nothing. */
  @IsOptional()
  @IsBoolean()
  active?: boolean;
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(10_000)
  maxRunning?: number;
  @IsOptional()
  @IsTimeZone()
  timezone?: string;
}
