import { Controller, Get, Header, Res } from '@nestjs/common';
import { LeafHealth, type LeafHealthAnswer } from './leaf-health.js';
import { LeafMetrics } from './leaf-metrics.js';

/** What of a reply is used here. */
interface Reply {
  status(code: number): unknown;
}

@Controller()
export class HealthController {
  constructor(
    private readonly health: LeafHealth,
    private readonly metrics: LeafMetrics,
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
  details(): LeafHealthAnswer {
    return this.health.answer();
  }

  @Get('metrics')
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  metricsText(): Promise<string> {
    return this.metrics.text();
  }
}
