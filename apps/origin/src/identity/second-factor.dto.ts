import { IsString, MaxLength } from 'class-validator';
import { ApiSchema } from '../openapi/api.decorator.js';

@ApiSchema({ name: 'TotpLink' })
export class TotpLinkDto {
  /** Shown this once; it works once, together with the password. Empty in the replay of an idempotent request. */
  link!: string;
  /** Where the user opens it. */
  url!: string;
  expiresAt!: number;
}

@ApiSchema({ name: 'TotpBegin' })
export class TotpBeginDto {
  /** The one-time link. */
  @IsString()
  @MaxLength(128)
  link!: string;
  /** User name or e-mail address. */
  @IsString()
  @MaxLength(254)
  username!: string;
  @IsString()
  @MaxLength(256)
  password!: string;
}

@ApiSchema({ name: 'TotpSecret' })
export class TotpSecretDto {
  /** Base32, to be typed into an authenticator. */
  secret!: string;
  /** The same as `otpauth:` address, to be shown as QR code. */
  uri!: string;
}

@ApiSchema({ name: 'TotpFinish' })
export class TotpFinishDto extends TotpBeginDto {
  /** What the authenticator shows now. */
  @IsString()
  @MaxLength(16)
  code!: string;
}

@ApiSchema({ name: 'RecoveryCodes' })
export class RecoveryCodesDto {
  /** Each works once in place of a code; shown this once. */
  recoveryCodes!: string[];
}
