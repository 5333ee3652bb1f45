import { Controller, Get, Header, Res } from '@nestjs/common';
import { ApiOkResponse, ApiProduces, ApiTags } from '../openapi/api.decorator.js';
import type { FastifyReply } from 'fastify';
import { Does } from '../http/action.decorator.js';
import { HealthDetailsDto, HealthDto, VersionDto } from './health.dto.js';
import { HealthCheck } from './health-check.js';
import { OriginMetrics } from './origin-metrics.js';

@ApiTags('health')
@Controller()
export class HealthController {
  constructor(
    private readonly check: HealthCheck,
    private readonly metrics: OriginMetrics,
  ) {}

  /** Whether the process lives */
  @Get('livez')
  @Does('health.live')
  live(): HealthDto {
    return { status: 'ok' };
  }

  /** Whether it can serve: its store answers */
  @Get('readyz')
  @Does('health.ready')
  ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<HealthDto> {
    return this.answer(reply);
  }

  /** The same as `readyz`, by the name people know */
  @Get('health')
  @Does('health.read')
  health(@Res({ passthrough: true }) reply: FastifyReply): Promise<HealthDto> {
    return this.answer(reply);
  }

  /** What is not as it should be, for administrators */
  @Get('api/v1/health')
  @Does('health.details')
  details(): Promise<HealthDetailsDto> {
    return this.check.details();
  }

  /** Prometheus metrics */
  @Get('metrics')
  @Does('metrics.read')
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  @ApiProduces('text/plain')
  @ApiOkResponse({ schema: { type: 'string' } })
  metricsText(): Promise<string> {
    return this.metrics.text();
  }

  /** Version of the program */
  @Get('api/v1/version')
  @Does('version.read')
  version(): Promise<VersionDto> {
    return this.check.version();
  }

  private async answer(reply: FastifyReply): Promise<HealthDto> {
    const health = await this.check.ready();
    if (health.status !== 'ok') void reply.status(503);
    return health;
  }
}
