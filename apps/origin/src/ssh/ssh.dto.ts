import { IsString, MaxLength } from 'class-validator';
import { ApiSchema } from '../openapi/api.decorator.js';

@ApiSchema({ name: 'SshKeyAdd' })
export class SshKeyAddDto {
  /** One line of a `.pub` file. */
  @IsString()
  @MaxLength(4_500)
  key!: string;
}

@ApiSchema({ name: 'SshKey' })
export class SshKeyDto {
  /** As `ssh-keygen -l` shows it. */
  fingerprint!: string;
  type!: string;
  comment!: string;
  /** Type and key. */
  key!: string;
}

@ApiSchema({ name: 'SshKeyList' })
export class SshKeyListDto {
  items!: SshKeyDto[];
}

/** A space as a client of SSH knows it. */
@ApiSchema({ name: 'SshHost' })
export class SshHostDto {
  /** Id. */
  space!: string;
  /** Of the space; `<owner>.<space>` for one that somebody else shares. */
  name!: string;
  owner!: string;
  /** Type and key, as a line of known_hosts has them. */
  hostKey!: string;
}

@ApiSchema({ name: 'SshHostList' })
export class SshHostListDto {
  items!: SshHostDto[];
}

@ApiSchema({ name: 'SshKeyRemove' })
export class SshKeyRemoveDto {
  /** `SHA256:...` */
  @IsString()
  @MaxLength(64)
  fingerprint!: string;
}
