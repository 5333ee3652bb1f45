import { Body, Controller, HttpCode, Post, Req, Res } from '@nestjs/common';
import { ApiTags } from '../openapi/api.decorator.js';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Does } from '../http/action.decorator.js';
import { Asked, Visiting } from '../http/call.decorator.js';
import type { Call, Visitor } from '../http/call.js';
import { endCookie, sessionCookie } from '../http/session-cookie.js';
import { LoginDto, MeDto } from './identity.dto.js';
import { RecoveryCodesDto, TotpBeginDto, TotpFinishDto, TotpSecretDto } from './second-factor.dto.js';
import { Sessions } from './sessions.js';
import { SignIn } from './sign-in.js';

@ApiTags('identity')
@Controller('api/v1/auth')
export class AuthController {
  constructor(
    private readonly signIn: SignIn,
    private readonly sessions: Sessions,
  ) {}

  /** Sign in; the answer sets the session's cookie */
  @Post('login')
  @HttpCode(200)
  @Does('session.start')
  async login(
    @Visiting() visitor: Visitor,
    @Body() body: LoginDto,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<MeDto> {
    const { me, session } = await this.signIn.byPassword(visitor, body);
    void reply.header('set-cookie', sessionCookie(request, session));
    return me;
  }

  /** What a one-time link and the password lead to: the secret for an authenticator */
  @Post('totp/begin')
  @HttpCode(200)
  @Does('totp.enrol')
  beginTotp(@Visiting() visitor: Visitor, @Body() body: TotpBeginDto): Promise<TotpSecretDto> {
    return this.signIn.beginTotp(visitor, body);
  }

  /** Set up the authenticator that shows this code; the link ends */
  @Post('totp')
  @HttpCode(200)
  @Does('totp.enrol')
  finishTotp(@Visiting() visitor: Visitor, @Body() body: TotpFinishDto): Promise<RecoveryCodesDto> {
    return this.signIn.finishTotp(visitor, body);
  }

  /** End the session */
  @Post('logout')
  @HttpCode(204)
  @Does('session.end')
  async logout(
    @Asked() call: Call,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    await this.sessions.end(call, call.proofId);
    void reply.header('set-cookie', endCookie(request));
  }
}
