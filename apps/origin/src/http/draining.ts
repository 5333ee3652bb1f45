import { KnotError } from '@knot/shared/errors';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { problemOf } from './problem.js';

/** When another origin, or this one started anew, will answer: seconds. */
const RETRY_AFTER_S = 2;
const LOOK_MS = 25;

/** A server that is about to end: it finishes what it has begun and takes nothing new. */
export class Draining {
  private readonly running = new Set<FastifyRequest>();
  private begun = false;

  /** Before all other hooks. */
  watch(fastify: FastifyInstance): void {
    fastify.addHook('onRequest', (request, reply, done) => {
      if (!this.begun) {
        this.running.add(request);
        return done();
      }
      const error = new KnotError('server.unavailable', 'This server is being stopped.', 'Try again in a moment.');
      void reply.headers({ 'retry-after': String(RETRY_AFTER_S), connection: 'close' });
      void reply.status(error.httpStatus).type('application/problem+json; charset=utf-8').send(problemOf(error));
    });
    fastify.addHook('onSend', (_request, reply, payload, done) => {
      if (this.begun) void reply.header('connection', 'close');
      done(null, payload);
    });
    const over = (request: FastifyRequest, done: () => void) => {
      this.running.delete(request);
      done();
    };
    fastify.addHook('onResponse', (request, _reply, done) => over(request, done));
    fastify.addHook('onRequestAbort', over);
  }

  /** Refuses from now on. */
  begin(): void {
    this.begun = true;
  }

  /** Resolves when all that was begun is answered, and after `ms` at the latest. */
  async finished(clock: { monotonic(): number; sleep(ms: number): Promise<void> }, ms: number): Promise<void> {
    const end = clock.monotonic() + ms;
    while (this.running.size > 0 && clock.monotonic() < end) await clock.sleep(LOOK_MS);
  }
}
