import type { IncomingMessage } from 'node:http';
import { Controller, Get, Header, Req, Res } from '@nestjs/common';
import { InsideAccess } from './inside-access.js';
import { LeafHealth, type LeafHealthAnswer } from './leaf-health.js';
import { LeafMetrics } from './leaf-metrics.js';

/** What of a request is used here. */
type Asking = Pick<IncomingMessage, 'headers' | 'socket'>;

/** What of a reply is used here. */
interface Reply {
  status(code: number): unknown;
}

@Controller()
export class HealthController {
  constructor(
    private readonly health: LeafHealth,
    private readonly metrics: LeafMetrics,
    private readonly access: InsideAccess,
  ) {}

  @Get('livez')
  live(): { status: 'ok' } {
    return { status: 'ok' };
  }

  @Get('readyz')
  ready(@Res({ passthrough: true }) reply: Reply): { status: 'ok' | 'starting' } {
    if (this.health.isReady()) return { status: 'ok' };
    reply.status(503);
    return { status: 'starting' };
  }

  @Get('health')
  details(@Req() request: Asking): LeafHealthAnswer | Pick<LeafHealthAnswer, 'status'> {
    const answer = this.health.answer();
    return this.access.toDetails(request) ? answer : { status: answer.status };
  }

  @Get('metrics')
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  async metricsText(@Req() request: Asking, @Res({ passthrough: true }) reply: Reply): Promise<string> {
    if (this.access.toMetrics(request)) return this.metrics.text();
    reply.status(401);
    return 'This machine alone reads the metrics, and who shows server.metrics_token: Authorization: Bearer <token>.\n';
  }
}
