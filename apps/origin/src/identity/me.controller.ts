import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put } from '@nestjs/common';
import { ApiTags } from '../openapi/api.decorator.js';
import { Does } from '../http/action.decorator.js';
import { Asked } from '../http/call.decorator.js';
import type { Call } from '../http/call.js';
import {
  MeDto,
  PasswordChangeDto,
  SessionPageDto,
  TokenCreateDto,
  TokenMadeDto,
  TokenPageDto,
} from './identity.dto.js';
import { PasswordChange } from './password-change.js';
import { Sessions } from './sessions.js';
import { SignIn } from './sign-in.js';
import { Tokens } from './tokens.js';

@ApiTags('identity')
@Controller('api/v1')
export class MeController {
  constructor(
    private readonly signIn: SignIn,
    private readonly passwords: PasswordChange,
    private readonly sessions: Sessions,
    private readonly tokens: Tokens,
  ) {}

  /** Who asks */
  @Get('me')
  @Does('me.read')
  me(@Asked() call: Call): Promise<MeDto> {
    return this.signIn.me(call);
  }

  /** Change one's password; it ends every other session and all tokens */
  @Put('me/password')
  @HttpCode(204)
  @Does('me.password')
  changePassword(@Asked() call: Call, @Body() body: PasswordChangeDto): Promise<void> {
    return this.passwords.change(call, body);
  }

  /** One's sessions */
  @Get('sessions')
  @Does('session.list')
  listSessions(@Asked() call: Call): Promise<SessionPageDto> {
    return this.sessions.list(call);
  }

  /** End one of one's sessions */
  @Delete('sessions/:id')
  @HttpCode(204)
  @Does('session.end')
  endSession(@Asked() call: Call, @Param('id') id: string): Promise<void> {
    return this.sessions.end(call, id);
  }

  /** One's API tokens */
  @Get('tokens')
  @Does('token.list')
  listTokens(@Asked() call: Call): Promise<TokenPageDto> {
    return this.tokens.list(call);
  }

  /** Make an API token; needs a sign-in of the last 15 minutes */
  @Post('tokens')
  @Does('token.create')
  createToken(@Asked() call: Call, @Body() body: TokenCreateDto): Promise<TokenMadeDto> {
    return this.tokens.create(call, body);
  }

  /** End one of one's tokens */
  @Delete('tokens/:id')
  @HttpCode(204)
  @Does('token.delete')
  deleteToken(@Asked() call: Call, @Param('id') id: string): Promise<void> {
    return this.tokens.delete(call, id);
  }
}
