import 'reflect-metadata';
import http from 'node:http';
import { beforeApps } from '@knot/link';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Leaf } from '../create-leaf.js';
import { serveAgents } from './agent-files.js';
import { LeafModule } from './leaf.module.js';
import { answerNoPage } from './no-page.js';

/** Answers HTTP/1.1 for a leaf; listens on nothing by itself. */
export async function createLeafWeb(
  parts: readonly object[],
  trustedProxies: readonly string[],
  { apps, originUrl }: Pick<Leaf, 'apps' | 'originUrl'>,
): Promise<{ readonly server: http.Server; close(): Promise<void> }> {
  const server = http.createServer({
    // an upload to an app lasts; what is knot's own has its limit below
    requestTimeout: 0,
    headersTimeout: 10_000,
    // longer than proxies keep a connection for the next request (60 s): else they send it into one that is just closing
    keepAliveTimeout: 75_000,
    connectionsCheckingInterval: 5_000,
  });
  const adapter = new FastifyAdapter({
    serverFactory: (handler: http.RequestListener) => beforeApps(server, apps, handler),
    trustProxy: trustedProxies.length > 0 ? [...trustedProxies] : false,
    bodyLimit: 64 * 1024,
    forceCloseConnections: true,
  });
  serveAgents(adapter.getInstance());
  answerNoPage(adapter.getInstance(), originUrl);
  const app = await NestFactory.create<NestFastifyApplication>(LeafModule.over(parts), adapter, {
    logger: false,
    abortOnError: false,
  });
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
  return { server, close: () => app.close() };
}
