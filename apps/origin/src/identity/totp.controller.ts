import { Controller, Delete, HttpCode, Param, Post } from '@nestjs/common';
import { Does } from '../http/action.decorator.js';
import { Asked } from '../http/call.decorator.js';
import type { Call } from '../http/call.js';
import { IdPipe } from '../http/id.pipe.js';
import { ApiTags } from '../openapi/api.decorator.js';
import { TotpLinkDto } from './second-factor.dto.js';
import { SecondFactor } from './second-factor.js';

@ApiTags('identity')
@Controller('api/v1')
export class TotpController {
  constructor(private readonly factor: SecondFactor) {}

  /** Make a link by which one sets up an authenticator; needs a sign-in of the last 15 minutes */
  @Post('me/totp-link')
  @Does('me.totp')
  myLink(@Asked() call: Call): Promise<TotpLinkDto> {
    return this.factor.makeLink(call, call.actor.id);
  }

  /** Sign in by the password alone again, where that is allowed */
  @Delete('me/totp')
  @HttpCode(204)
  @Does('me.totp')
  removeMine(@Asked() call: Call): Promise<void> {
    return this.factor.remove(call, call.actor.id);
  }

  /** Make a link by which a user sets up an authenticator */
  @Post('users/:id/totp-link')
  @Does('user.totp')
  linkFor(@Asked() call: Call, @Param('id', IdPipe) id: string): Promise<TotpLinkDto> {
    return this.factor.makeLink(call, id);
  }

  /** Take a lost authenticator from a user */
  @Delete('users/:id/totp')
  @HttpCode(204)
  @Does('user.totp')
  removeOf(@Asked() call: Call, @Param('id', IdPipe) id: string): Promise<void> {
    return this.factor.remove(call, id);
  }
}
