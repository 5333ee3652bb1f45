import { locationNameProblem } from '@knot/domain';
import { Matches } from 'class-validator';
import { Follows } from '../http/follows.decorator.js';
import { ApiSchema } from '../openapi/api.decorator.js';

@ApiSchema({ name: 'GrantRequest' })
export class GrantRequestDto {
  @Follows(locationNameProblem)
  location!: string;
  /** Ed25519 public key of whoever is to hold it, raw, base64url. */
  @Matches(/^[A-Za-z0-9_-]{43}$/, { message: 'It is a raw Ed25519 public key, base64url.' })
  holder!: string;
}

/** Lets its holder into their spaces at one leaf for twelve hours, with the origin away too. */
@ApiSchema({ name: 'Grant' })
export class GrantDto {
  /** Shown as the WebSocket sub-protocol `knot.grant.<grant>~<use>`, the use being signed by the holder's key. */
  grant!: string;
  expiresAt!: number;
}
