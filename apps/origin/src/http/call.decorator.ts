import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { KnotError } from '@knot/shared/errors';
import type { FastifyRequest } from 'fastify';
import type { Call, Visitor } from './call.js';
import { callOf, visitorOf } from './request-identity.js';

/** The request of somebody signed in. */
export const Asked = createParamDecorator((_: unknown, context: ExecutionContext): Call => {
  const call = callOf(context.switchToHttp().getRequest<FastifyRequest>());
  if (!call) throw new KnotError('auth.required', 'This needs somebody who is signed in.', 'Sign in or send a token.');
  return call;
});

/** A request of anybody. */
export const Visiting = createParamDecorator((_: unknown, context: ExecutionContext): Visitor =>
  visitorOf(context.switchToHttp().getRequest<FastifyRequest>()),
);
