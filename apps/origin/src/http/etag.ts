import type { FastifyInstance } from 'fastify';

/** An answer that has a version shows it as its ETag. As an interceptor of Nest it would cost each call an Observable. */
export function addEtags(fastify: FastifyInstance): void {
  fastify.addHook('preSerialization', (_request, reply, payload, done) => {
    const version = reply.statusCode < 300 ? versionOf(payload) : null;
    if (version !== null) void reply.header('etag', `"${version}"`);
    done(null, payload);
  });
}

function versionOf(answer: unknown): number | null {
  if (typeof answer !== 'object' || answer === null || !('version' in answer)) return null;
  return typeof answer.version === 'number' ? answer.version : null;
}
