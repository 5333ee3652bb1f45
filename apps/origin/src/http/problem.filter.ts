import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { Logger } from '@knot/shared';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { OriginMetrics } from '../health/origin-metrics.js';
import type { Refusals } from '../audit/refusals.js';
import { asKnotError, fromHttpStatus, problemOf } from './problem.js';
import { provenOf } from './request-identity.js';

/** Every error as problem+json; refusals go to the audit, what is our own fault to the log. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(
    private readonly logger: Logger,
    private readonly refusals: Refusals,
    private readonly metrics: OriginMetrics,
  ) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const told = thrown instanceof HttpException ? fromHttpStatus(thrown.getStatus(), thrown.message) : null;
    const error = told ?? asKnotError(thrown);
    const path = request.url.split('?')[0] ?? '';
    if (error.httpStatus >= 500) this.logger.error({ err: error, method: request.method, path }, 'a request failed');
    this.metrics.problem(error.code);
    const route = `${request.method} ${request.routeOptions?.url ?? ''}`;
    this.refusals.note(error, { actor: provenOf(request)?.actor.username ?? '', address: request.ip, action: route });
    if (reply.sent) return;
    const retryAfter = error.details['retryAfter'];
    if (typeof retryAfter === 'number') void reply.header('retry-after', String(retryAfter));
    void reply.status(error.httpStatus).type('application/problem+json; charset=utf-8').send(problemOf(error));
  }
}
