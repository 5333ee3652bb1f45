import { agentFile, isOnMachine } from '@knot/link';
import type { FastifyInstance } from 'fastify';

/** `GET /agents/knot_agent_linux_<amd64|arm64>.zip` for images, without signing in. */
export function serveAgents(fastify: FastifyInstance): void {
  fastify.get<{ Params: { file: string } }>('/agents/:file', async (request, reply) => {
    const safe = request.protocol === 'https' || isOnMachine(request);
    const { type, size, etag, open } = await agentFile(request.params.file, safe);
    // the same name is another agent after an update
    void reply.headers({ etag, 'cache-control': 'no-cache' });
    if (request.headers['if-none-match'] === etag) return reply.status(304).send();
    return reply.type(type).header('content-length', size).send(open());
  });
}
