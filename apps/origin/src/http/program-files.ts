import { AGENT_FILES, CLI_FILES, isOnMachine, ownFile, programFile, type ProgramFile } from '@knot/link';
import type { FastifyInstance } from 'fastify';

type Find = (name: string, safe: boolean) => Promise<ProgramFile>;

/**
 * `GET /agents/knot_agent_linux_<amd64|arm64>.zip` for images and `GET /download/knot_<system>_<machine>.zip` for people,
 * without signing in. What `server.download_path` has stands before ours.
 */
export function servePrograms(fastify: FastifyInstance, downloadPath: string | null): void {
  serve(fastify, 'agents', (name, safe) => programFile(AGENT_FILES, name, safe));
  serve(fastify, 'download', async (name, safe) => {
    const own = downloadPath === null ? null : await ownFile(downloadPath, name, safe);
    return own ?? programFile(CLI_FILES, name, safe);
  });
}

function serve(fastify: FastifyInstance, place: string, find: Find): void {
  fastify.get<{ Params: { file: string } }>(`/${place}/:file`, async (request, reply) => {
    const safe = request.protocol === 'https' || isOnMachine(request);
    const { type, size, etag, open } = await find(request.params.file, safe);
    // the same name is another program after an update
    void reply.headers({ etag, 'cache-control': 'no-cache' });
    if (request.headers['if-none-match'] === etag) return reply.status(304).send();
    return reply.type(type).header('content-length', size).send(open());
  });
}
