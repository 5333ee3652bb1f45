import { Controller, Get, Param } from '@nestjs/common';
import { Does } from '../http/action.decorator.js';
import { Asked } from '../http/call.decorator.js';
import type { Call } from '../http/call.js';
import { IdPipe } from '../http/id.pipe.js';
import { ApiTags } from '../openapi/api.decorator.js';
import { Access } from './access.js';
import { AccessDto } from './access.dto.js';
import { QuotaDto } from '../users/limits.dto.js';
import { Quotas } from '../users/quotas.js';

@ApiTags('access')
@Controller('api/v1')
export class AccessController {
  constructor(
    private readonly access: Access,
    private readonly quotas: Quotas,
  ) {}

  /** What one can reach, and why */
  @Get('me/access')
  @Does('me.access')
  mine(@Asked() call: Call): Promise<AccessDto> {
    return this.access.mine(call);
  }

  /** What a person can reach, and why */
  @Get('users/:id/access')
  @Does('user.access')
  ofUser(@Param('id', IdPipe) id: string): Promise<AccessDto> {
    return this.access.ofUser(id);
  }

  /** What one may have and has */
  @Get('me/quota')
  @Does('me.read')
  myQuota(@Asked() call: Call): Promise<QuotaDto> {
    return this.quotas.describe(call.actor.id);
  }

  /** What a person may have and has */
  @Get('users/:id/quota')
  @Does('user.read')
  quotaOf(@Param('id', IdPipe) id: string): Promise<QuotaDto> {
    return this.quotas.describe(id);
  }
}
