import { AGENT_FILES, isOnMachine, programFile } from '@knot/link';
import { toKnotError } from '@knot/shared/errors';
import type { FastifyInstance } from 'fastify';

/** Images ask the server of their own location: `GET /agents/knot_agent_linux_<amd64|arm64>.zip`, without signing in. */
export function serveAgents(fastify: FastifyInstance): void {
  fastify.get<{ Params: { file: string } }>('/agents/:file', async (request, reply) => {
    const safe = request.protocol === 'https' || isOnMachine(request);
    try {
      const { type, size, etag, open } = await programFile(AGENT_FILES, request.params.file, safe);
      void reply.headers({ etag, 'cache-control': 'no-cache' });
      if (request.headers['if-none-match'] === etag) return await reply.status(304).send();
      return await reply.type(type).header('content-length', size).send(open());
    } catch (error) {
      const { httpStatus, message, hint } = toKnotError(error);
      return reply.status(httpStatus).type('text/plain; charset=utf-8').send(`${message} ${hint}\n`);
    }
  });
}
