import 'reflect-metadata';
import http from 'node:http';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { LeafModule } from './leaf.module.js';

/** Answers HTTP/1.1 for a leaf; listens on nothing by itself. */
export async function createLeafWeb(
  parts: readonly object[],
): Promise<{ readonly server: http.Server; close(): Promise<void> }> {
  const server = http.createServer({
    requestTimeout: 30_000,
    headersTimeout: 10_000,
    connectionsCheckingInterval: 5_000,
  });
  const adapter = new FastifyAdapter({
    serverFactory: (handler: http.RequestListener) => server.on('request', handler),
    bodyLimit: 64 * 1024,
    forceCloseConnections: true,
  });
  const app = await NestFactory.create<NestFastifyApplication>(LeafModule.over(parts), adapter, {
    logger: false,
    abortOnError: false,
  });
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
  return { server, close: () => app.close() };
}
