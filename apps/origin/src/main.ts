import 'reflect-metadata';
import http from 'node:http';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Logger } from '@knot/shared';
import type { Refusals } from './audit/refusals.js';
import { API_VERSION } from './health/health-check.js';
import type { OriginMetrics } from './health/origin-metrics.js';
import { serveDashboard } from './http/dashboard-files.js';
import { EtagInterceptor } from './http/etag.interceptor.js';
import { IdentityGuard } from './http/identity.guard.js';
import { InputPipe } from './http/input.pipe.js';
import { ProblemFilter } from './http/problem.filter.js';
import { addRequestGate, type RequestGatePorts } from './http/request-gate.js';
import { addSecurityHeaders } from './http/security-headers.js';
import { openApiDocument } from './openapi/main.js';
import { OriginModule } from './origin.module.js';

export interface WebAppOptions extends RequestGatePorts {
  readonly useCases: readonly object[];
  readonly logger: Logger;
  readonly refusals: Refusals;
  readonly metrics: OriginMetrics;
  readonly clock: RequestGatePorts['clock'] & { now(): number };
  readonly trustedProxies: readonly string[];
  /** Where the dashboard was built. */
  readonly dashboardFolder: string;
}

export interface WebApp {
  readonly app: NestFastifyApplication;
  /** Answers HTTP/1.1; listens on nothing by itself. */
  readonly server: http.Server;
}

/** The REST API and the dashboard's files over use cases, ready to answer. */
export async function createWebApp(options: WebAppOptions): Promise<WebApp> {
  const server = http.createServer({ requestTimeout: 60_000, headersTimeout: 20_000 });
  const adapter = new FastifyAdapter({
    serverFactory: (handler: http.RequestListener) => server.on('request', handler),
    trustProxy: options.trustedProxies.length > 0 ? [...options.trustedProxies] : false,
    requestTimeout: 60_000,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 128 },
  });
  const fastify = adapter.getInstance();
  addSecurityHeaders(fastify);
  addRequestGate(fastify, options);
  const app = await NestFactory.create<NestFastifyApplication>(OriginModule.over(options.useCases), adapter, {
    logger: false,
    abortOnError: false,
    bodyParser: true,
  });
  app.useGlobalGuards(new IdentityGuard(options.clock));
  app.useGlobalPipes(new InputPipe());
  app.useGlobalInterceptors(new EtagInterceptor());
  app.useGlobalFilters(new ProblemFilter(options.logger, options.refusals, options.metrics));
  const document = JSON.stringify(await openApiDocument(app, API_VERSION));
  fastify.get('/api/openapi.json', async (_request, reply) => reply.type('application/json').send(document));
  await serveDashboard(fastify, options.dashboardFolder);
  await app.init();
  await fastify.ready();
  return { app, server };
}
