import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import { KnotError } from '@knot/shared/errors';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { pagePolicy, type PagePolicyParts } from './page-policy.js';

const NO_DASHBOARD = 'The dashboard is not built here. The API is at /api/v1, its contract at /api/openapi.json.\n';

/** The dashboard's files; every other path of a browser gets its page, which routes by itself. */
export async function serveDashboard(fastify: FastifyInstance, folder: string, parts: PagePolicyParts): Promise<void> {
  const built = existsSync(join(folder, 'index.html'));
  if (built)
    await fastify.register(fastifyStatic, {
      root: join(folder, 'assets'),
      prefix: '/assets/',
      immutable: true,
      maxAge: '365d',
      decorateReply: true,
      preCompressed: true, // the build leaves each file in gzip beside itself
    });
  fastify.get('/*', async (request, reply) => {
    const path = request.url.split('?')[0] ?? '/';
    if (/^\/(api|assets|agents|download)(\/|$)/.test(path)) {
      throw new KnotError('resource.not_found', 'There is nothing at this address.', 'See /api/openapi.json.');
    }
    if (!built) return reply.type('text/plain; charset=utf-8').send(NO_DASHBOARD);
    return /\.[a-z0-9]+$/i.test(path) && path !== '/index.html'
      ? sendFile(path, folder, reply)
      : sendPage(request, folder, reply, await pagePolicy(request, parts));
  });
}

/** Files beside index.html: the icon and such. */
function sendFile(path: string, folder: string, reply: FastifyReply): FastifyReply {
  return reply.sendFile(path.slice(1), folder);
}

async function sendPage(
  request: FastifyRequest,
  folder: string,
  reply: FastifyReply,
  policy: string,
): Promise<FastifyReply> {
  const page = await readFile(join(folder, 'index.html'), 'utf8');
  return reply
    .headers({ 'content-security-policy': policy, 'cache-control': 'no-store' })
    .type('text/html; charset=utf-8')
    .send(request.method === 'HEAD' ? '' : page);
}
