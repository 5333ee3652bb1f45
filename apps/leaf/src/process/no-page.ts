import { isReadByPerson, refuse } from '@knot/link';
import type { FastifyInstance } from 'fastify';

const TEXT = 'There is nothing at this address of a leaf of knot.';

/** Whoever opens an address of a leaf in a browser where there is nothing is told where people's pages are. */
export function answerNoPage(fastify: FastifyInstance, dashboard: () => Promise<string>): void {
  fastify.addHook('onRequest', async ({ is404, raw }, reply) => {
    if (!is404 || !isReadByPerson(raw)) return;
    const home = await dashboard().catch(() => '');
    reply.hijack();
    refuse(raw, reply.raw, { status: 404, code: 'page.none', text: TEXT, home });
  });
}
