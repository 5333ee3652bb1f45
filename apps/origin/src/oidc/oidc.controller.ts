import { Controller, Get, HttpCode, Post, Query, Req, Res } from '@nestjs/common';
import { toKnotError } from '@knot/shared/errors';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Does } from '../http/action.decorator.js';
import { Asked, Visiting } from '../http/call.decorator.js';
import type { Call, Visitor } from '../http/call.js';
import { callOf } from '../http/request-identity.js';
import { flowCookie, sessionCookie, shownFlow } from '../http/session-cookie.js';
import { ApiResponse, ApiTags } from '../openapi/api.decorator.js';
import { OidcBeginQueryDto, OidcLinkDto, SignInWaysDto } from './oidc.dto.js';
import { OidcSignIn } from './oidc-sign-in.js';

const FLOW_SECONDS = 600;

@ApiTags('identity')
@Controller('api/v1')
export class OidcController {
  constructor(private readonly signIn: OidcSignIn) {}

  /** How people may sign in here */
  @Get('auth/ways')
  @Does('session.ways')
  ways(): SignInWaysDto {
    return this.signIn.ways();
  }

  /** Go to the provider; a browser is sent there, and comes back to the callback */
  @Get('auth/oidc')
  @ApiResponse({ status: 302, description: 'To the provider' })
  @Does('session.start')
  async begin(
    @Query() query: OidcBeginQueryDto,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { url, flow } = await this.signIn.begin(query.return);
    await reply.header('set-cookie', flowCookie(request, flow, FLOW_SECONDS)).redirect(url, 302);
  }

  /** Come back from the provider */
  @Get('auth/oidc/callback')
  @ApiResponse({ status: 302, description: 'To where the sign-in leads, or to its page with `problem`' })
  @Does('session.start')
  async finish(
    @Visiting() visitor: Visitor,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const query = request.url.split('?', 2)[1] ?? '';
    const cookies = [flowCookie(request, '', 0)];
    let target: string;
    try {
      const outcome = await this.signIn.finish(visitor, query, shownFlow(request), callOf(request));
      if (outcome.session) cookies.push(sessionCookie(request, outcome.session));
      target = outcome.returnTo;
    } catch (error) {
      const { message, hint } = toKnotError(error);
      target = `/sign-in?problem=${encodeURIComponent(`${message} ${hint}`)}`;
    }
    await reply.header('set-cookie', cookies).redirect(target, 302);
  }

  /** Go to the provider to link the account there to the user who is signed in */
  @Post('me/oidc-link')
  @HttpCode(200)
  @Does('me.link')
  async link(
    @Asked() call: Call,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<OidcLinkDto> {
    const { url, flow } = await this.signIn.beginLink(call);
    void reply.header('set-cookie', flowCookie(request, flow, FLOW_SECONDS));
    return { url };
  }
}
