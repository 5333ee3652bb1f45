import { IsOptional, IsString, MaxLength } from 'class-validator';
import { ApiSchema } from '../openapi/api.decorator.js';

/** How people may sign in. */
@ApiSchema({ name: 'SignInWays' })
export class SignInWaysDto {
  /** By a password of this server. */
  passwords!: boolean;
  /** What stands on the button for the provider; empty where there is none. */
  provider!: string;
}

@ApiSchema({ name: 'OidcLink' })
export class OidcLinkDto {
  /** Where the browser is to go. */
  url!: string;
}

export class OidcBeginQueryDto {
  /** Path of this server where the sign-in leads to. */
  @IsOptional()
  @IsString()
  @MaxLength(2_048)
  return?: string;
}
