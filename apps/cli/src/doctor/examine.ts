import { KnotError, isKnotError, toKnotError } from '@knot/shared/errors';
import { answer, createApi, type Api } from '../api/api.js';
import type { SendPorts } from '../api/send.js';
import { finding, type Finding } from './finding.js';
import { apiFinding, clockFinding, tokenFinding, trustFinding, unreachedFinding } from './findings-of.js';

export interface Patient {
  readonly ports: SendPorts;
  readonly skipVerify: boolean;
  readonly userAgent: string;
  /** undefined: there is none. */
  readonly token: string | undefined;
}

export interface Examination {
  readonly findings: readonly Finding[];
  /** Why the server's checks of itself are not among them; '' when they are. */
  readonly hidden: string;
}

const REFUSALS = new Set([401, 403]);

/** Looks from here to the server step by step; what stands in the way of the next step ends it. */
export async function examine({ ports, skipVerify, userAgent, token }: Patient): Promise<Examination> {
  const { server, clock } = ports;
  const before = clock.now();
  const greeting = await greet(createApi(ports, { 'user-agent': userAgent })).catch(toKnotError);
  if (greeting instanceof KnotError) return { findings: [unreachedFinding(greeting)], hidden: 'it was not reached' };
  const here = (before + clock.now()) / 2;
  const { version, api: spoken, date } = greeting;
  const skew = clockFinding({ server: date, here });
  const reached = finding('server.unreachable', 'ok', { sentence: `${server} answers.` });
  const outside = [trustFinding(server, skipVerify), apiFinding(spoken, version), ...(skew === null ? [] : [skew])];
  if (token === undefined)
    return { findings: [reached, ...outside, tokenFinding(server, null)], hidden: 'there is no token' };
  const api = createApi(ports, { 'user-agent': userAgent, authorization: `Bearer ${token}` });
  const me = await answer(api.GET('/api/v1/me')).catch(toKnotError);
  // it answers, but not to somebody who signs in: its store may be away
  if (me instanceof KnotError && !REFUSALS.has(me.httpStatus)) {
    return { findings: [unreachedFinding(me), ...outside], hidden: 'it cannot answer for now' };
  }
  const findings = [reached, ...outside, tokenFinding(server, me)];
  if (me instanceof KnotError) return { findings, hidden: 'the token does not hold' };
  const { checks, hidden } = await ownChecks(api);
  return { findings: [...findings, ...checks], hidden };
}

async function greet(api: Api): Promise<{ version: string; api: string; date: number }> {
  const call = await api.GET('/api/v1/version');
  const told = await answer(Promise.resolve(call));
  return { ...told, date: Date.parse(call.response.headers.get('date') ?? '') };
}

/** What the server finds of itself, where this person may see it. */
async function ownChecks(api: Api): Promise<{ checks: readonly Finding[]; hidden: string }> {
  try {
    const details = await answer(api.GET('/api/v1/health'));
    // a server of before has no checks
    return 'checks' in details
      ? { checks: details.checks, hidden: '' }
      : { checks: [], hidden: 'it is older than this knot' };
  } catch (error) {
    if (!isKnotError(error, 'access.denied')) throw error;
    return {
      checks: [],
      hidden: 'they are for people with the permission server.see and a token for all that they may',
    };
  }
}
