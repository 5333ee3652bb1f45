import { Controller, Delete, Get, HttpCode, Post, Query, Req, Res } from '@nestjs/common';
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
  @ApiResponse({
    status: 302,
    description: 'To where the sign-in leads, or to the page where it was begun with a word in `problem`',
  })
  @Does('session.start')
  async finish(
    @Visiting() visitor: Visitor,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const query = request.url.split('?', 2)[1] ?? '';
    const cookies = [flowCookie(request, '', 0)];
    const { session, returnTo } = await this.signIn.finish(visitor, query, shownFlow(request), callOf(request));
    if (session) cookies.push(sessionCookie(request, session));
    await reply.header('set-cookie', cookies).redirect(returnTo, 302);
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

  /** Part the user who is signed in from the account at the provider; refused where no password lets them in */
  @Delete('me/oidc-link')
  @HttpCode(204)
  @Does('me.link')
  unlink(@Asked() call: Call): Promise<void> {
    return this.signIn.unlink(call);
  }
}
