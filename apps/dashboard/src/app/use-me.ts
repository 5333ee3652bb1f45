import { may, type Action, type Subject } from '@knot/domain';
import { useQuery } from '@tanstack/react-query';
import { useRouteLoaderData } from 'react-router';
import type { Me } from '../api/schemas.js';
import { meQuery } from '../queries/identity-queries.js';

const NOBODY: Me = {
  id: '',
  username: '',
  email: '',
  role: 'user',
  permissions: [],
  groups: [],
  timezone: '',
  totp: false,
  linked: false,
  password: false,
  maxRunning: 0,
  running: 0,
  via: 'session',
  scopes: [],
};

export interface WhoLooks {
  readonly me: Me;
  /** The server's own rule; what is not granted gets no button. */
  readonly may: (action: Action, subject?: Subject) => boolean;
}

/** Who looks, and what they may. */
export function useMe(): WhoLooks {
  const first = useRouteLoaderData<Me>('signed-in');
  const { data: me = first ?? NOBODY } = useQuery(meQuery());
  const now = Date.now();
  return {
    me,
    // whether the sign-in is fresh enough the server says when it comes to it
    may: (action, subject) => may({ ...me, provedAt: now }, action, now, subject).granted,
  };
}
