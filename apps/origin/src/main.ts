import 'reflect-metadata';
import { readFile } from 'node:fs/promises';
import http from 'node:http';
import { fileURLToPath } from 'node:url';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Logger } from '@knot/shared';
import type { Store } from '@knot/shared/store';
import { serveAppOpenPage } from './apps/app-open-page.js';
import type { Apps } from './apps/compose-apps.js';
import { beforeApps } from '@knot/link';
import type { Refusals } from './audit/refusals.js';
import type { OriginMetrics } from './health/origin-metrics.js';
import { servePrograms } from './http/program-files.js';
import { serveDashboard } from './http/dashboard-files.js';
import { addEtags } from './http/etag.js';
import { IdentityGuard } from './http/identity.guard.js';
import { InputPipe } from './http/input.pipe.js';
import { ProblemFilter } from './http/problem.filter.js';
import type { Draining } from './http/draining.js';
import { addRequestGate, type RequestGatePorts } from './http/request-gate.js';
import { addSecurityHeaders } from './http/security-headers.js';
import { OriginModule } from './origin.module.js';

/**
 * Made from the controllers by `openApiDocument`, and held to them by a test: making it at each start costs 20 MB. The path is
 * right from this folder, from `dist` and from the bundle in `apps/cli`.
 */
const CONTRACT = fileURLToPath(new URL('../../origin/openapi.json', import.meta.url));

export interface WebAppOptions extends RequestGatePorts {
  readonly useCases: readonly object[];
  readonly logger: Logger;
  readonly refusals: Refusals;
  readonly metrics: OriginMetrics;
  readonly clock: RequestGatePorts['clock'] & { now(): number };
  readonly store: Store;
  readonly draining: Draining;
  /** Web apps of spaces. */
  readonly apps: Pick<Apps, 'door' | 'openPage'>;
  readonly trustedProxies: readonly string[];
  /** Files for people, beside the command line; null where there is no such folder. */
  readonly downloadPath: string | null;
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
  const server = http.createServer({
    // kept by beforeApps, for all but apps
    requestTimeout: 0,
    headersTimeout: 10_000,
    // longer than proxies keep a connection for the next request (60 s): else they send it into one that is just closing
    keepAliveTimeout: 75_000,
    connectionsCheckingInterval: 5_000,
  });
  const { apps } = options;
  const adapter = new FastifyAdapter({
    serverFactory: (handler: http.RequestListener) => beforeApps(server, apps.door, handler),
    trustProxy: options.trustedProxies.length > 0 ? [...options.trustedProxies] : false,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 128 },
  });
  const fastify = adapter.getInstance();
  addSecurityHeaders(fastify);
  options.draining.watch(fastify);
  addRequestGate(fastify, options);
  addEtags(fastify);
  const app = await NestFactory.create<NestFastifyApplication>(OriginModule.over(options.useCases), adapter, {
    logger: false,
    abortOnError: false,
    bodyParser: true,
  });
  app.useGlobalGuards(new IdentityGuard(options.clock));
  app.useGlobalPipes(new InputPipe());
  app.useGlobalFilters(new ProblemFilter(options.logger, options.refusals, options.metrics));
  fastify.get('/api/openapi.json', async (_request, reply) =>
    reply.type('application/json').send(await readFile(CONTRACT, 'utf8')),
  );
  await serveDashboard(fastify, options.dashboardFolder, options);
  // after that has waited for its plugin: what is there before it never gets Nest's filter for errors
  servePrograms(fastify, options.downloadPath);
  serveAppOpenPage(fastify, apps.openPage);
  await app.init();
  await fastify.ready();
  return { app, server };
}
