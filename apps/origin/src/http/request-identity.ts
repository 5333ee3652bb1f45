import type { Actor } from '@knot/domain';
import { sha256Hex } from '@knot/shared';
import { KnotError } from '@knot/shared/errors';
import type { FastifyRequest } from 'fastify';
import type { Call, Idempotency, Visitor } from './call.js';

/** Who a request was found to be from, before its body was read. */
export interface Proven {
  readonly actor: Actor;
  readonly proofId: string;
}

const proven = new WeakMap<FastifyRequest, Proven>();

export function remember(request: FastifyRequest, who: Proven): void {
  proven.set(request, who);
}

export function provenOf(request: FastifyRequest): Proven | null {
  return proven.get(request) ?? null;
}

export function visitorOf(request: FastifyRequest): Visitor {
  return { address: request.ip, userAgent: (request.headers['user-agent'] ?? '').slice(0, 200) };
}

/** Null when nobody is signed in. */
export function callOf(request: FastifyRequest): Call | null {
  const who = provenOf(request);
  if (!who) return null;
  return { ...visitorOf(request), ...who, ifMatch: ifMatchOf(request), idempotency: idempotencyOf(request, who.actor) };
}

function ifMatchOf(request: FastifyRequest): number | null {
  const text = request.headers['if-match'];
  if (text === undefined || text.trim() === '*') return null;
  const digits = /^(?:W\/)?"?(\d{1,15})"?$/.exec(text.trim())?.[1];
  if (digits !== undefined) return Number(digits);
  throw new KnotError(
    'input.invalid',
    'The If-Match header holds no ETag of this API.',
    'Send the ETag that was read.',
  );
}

function idempotencyOf(request: FastifyRequest, actor: Actor): Idempotency | null {
  const key = request.headers['idempotency-key'];
  if (request.method !== 'POST' || key === undefined || Array.isArray(key)) return null;
  if (key === '' || key.length > 255) {
    throw new KnotError('input.invalid', 'An Idempotency-Key has 1 to 255 characters.', 'A uuid does well.');
  }
  const sent = `${request.method} ${request.url}\n${JSON.stringify(request.body ?? null)}`;
  return { id: sha256Hex(`${actor.id}\n${key}`), requestHash: sha256Hex(sent) };
}
