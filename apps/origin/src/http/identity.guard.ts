import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { isOnMachine } from '@knot/link';
import { may, openOnMachine, type Action } from '@knot/domain';
import type { Clock } from '@knot/shared';
import { KnotError } from '@knot/shared/errors';
import type { FastifyRequest } from 'fastify';
import { refusal } from '../deeds/check.js';
import { ACTION } from './action.decorator.js';
import { provenOf } from './request-identity.js';

/** Asks the permission check before each route; a route that names no action is closed. */
@Injectable()
export class IdentityGuard implements CanActivate {
  private readonly reflector = new Reflector();

  constructor(private readonly clock: Pick<Clock, 'now'>) {}

  canActivate(context: ExecutionContext): boolean {
    const action = this.reflector.get<Action | undefined>(ACTION, context.getHandler());
    if (!action) throw new KnotError('internal', 'This route names no action.');
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    if (openOnMachine(action) && isOnMachine(request)) return true;
    const actor = provenOf(request)?.actor ?? null;
    const permission = may(actor, action, this.clock.now());
    if (permission.granted) return true;
    throw refusal(permission);
  }
}
