import { Body, Controller, Delete, Get, HttpCode, Post, Query } from '@nestjs/common';
import { Does } from '../http/action.decorator.js';
import { Asked } from '../http/call.decorator.js';
import type { Call } from '../http/call.js';
import { ApiTags } from '../openapi/api.decorator.js';
import { SshHostListDto, SshKeyAddDto, SshKeyDto, SshKeyListDto, SshKeyRemoveDto } from './ssh.dto.js';
import { SshKeys } from './ssh-keys.js';

@ApiTags('identity')
@Controller('api/v1/me')
export class SshKeysController {
  constructor(private readonly keys: SshKeys) {}

  /** The keys by which one gets into one's spaces by SSH */
  @Get('ssh-keys')
  @Does('ssh-key.list')
  list(@Asked() call: Call): Promise<SshKeyListDto> {
    return this.keys.list(call);
  }

  /** Add a public key; needs a sign-in of the last 15 minutes */
  @Post('ssh-keys')
  @Does('ssh-key.add')
  add(@Asked() call: Call, @Body() { key }: SshKeyAddDto): Promise<SshKeyDto> {
    return this.keys.add(call, key);
  }

  /** Remove a key; connections that came about by it are cut */
  @Delete('ssh-keys')
  @HttpCode(204)
  @Does('ssh-key.remove')
  remove(@Asked() call: Call, @Query() { fingerprint }: SshKeyRemoveDto): Promise<void> {
    return this.keys.remove(call, fingerprint);
  }

  /** One's own spaces as a client of SSH knows them */
  @Get('ssh-hosts')
  @Does('ssh-host.list')
  hosts(@Asked() call: Call): Promise<SshHostListDto> {
    return this.keys.hosts(call);
  }
}
