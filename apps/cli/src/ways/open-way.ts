import { createPublicKey, randomUUID, sign, type KeyObject } from 'node:crypto';
import {
  BYTES_PROTOCOLS,
  bytesPath,
  GRANT_PROTOCOL,
  GRANT_USE_CONTEXT,
  LONGEST_MESSAGE,
  TICKET_LIFE_MS,
  TICKET_PROTOCOL,
  type GrantUse,
  type StreamAction,
} from '@knot/contract';
import { clientTls } from '@knot/link/streams';
import { isKnotError, KnotError } from '@knot/shared/errors';
import { WebSocket } from 'ws';
import { answer, type Api } from '../api/api.js';
import type { Client } from '../client/open-client.js';
import { KnownWays } from './known-ways.js';

const ORIGIN_MS = 20_000;
/** A leaf that cannot be reached from here must not cost much: the way by the origin is there. */
const DIRECT_MS = 3_000;
/** A new grant is asked for when less than this is left of the present one. */
const RENEW_MS = 6 * 60 * 60_000;

export interface OpenWay {
  /** Open; whoever asked for it listens before anything else is awaited, or what happens meanwhile is never heard of. */
  readonly socket: WebSocket;
  /** What the space shows as its host key: `type base64`. */
  readonly hostKey: string;
  /** Which way it is, for a person. */
  readonly by: string;
  /** Remembers it for when the origin is away. */
  readonly keep: () => Promise<void>;
}

interface Target {
  readonly direct: string;
  readonly fingerprint: string;
}

/**
 * Opens a connection of messages into a space: to its leaf itself where that can be reached, else by the origin; with
 * the origin away, by a grant of before. Throws `server.unavailable` where trying again may help.
 */
export async function openWay(client: Client, space: string, action: StreamAction): Promise<OpenWay> {
  const ways = new KnownWays(client);
  const path = bytesPath(space, action);
  let given;
  try {
    given = await ticketFor(ways.leafOf(ways.space(space)) ? client.hastyApi : client.api, space, action);
  } catch (error) {
    const way = isKnotError(error, 'server.unavailable') ? await byGrant(ways, space, action) : null;
    if (way) return way;
    throw error;
  }
  const { direct, directFingerprint: fingerprint, location, hostKey } = given;
  if (direct !== '') {
    try {
      const socket = await dial({ direct, fingerprint }, path, BYTES_PROTOCOLS[action], TICKET_PROTOCOL + given.ticket);
      const keep = async () => {
        await keepGrant(client, ways, location, { direct, fingerprint });
        const known = ways.space(space);
        if (known) ways.keepSpace({ ...known, location, hostKey });
      };
      return { socket, hostKey, by: `straight to the leaf of ${location}`, keep };
    } catch {
      // the ticket may be used
      given = await ticketFor(client.api, space, action);
    }
  }
  const socket = await opened(
    new WebSocket(
      new URL(path, client.server.replace(/^http/, 'ws')),
      protocols(action, TICKET_PROTOCOL + given.ticket),
      {
        ...LIMITS,
        handshakeTimeout: ORIGIN_MS,
        rejectUnauthorized: process.env['NODE_TLS_REJECT_UNAUTHORIZED'] !== '0',
      },
    ),
  );
  return { socket, hostKey, by: 'by the origin', keep: nothingToKeep };
}

const nothingToKeep = () => Promise.resolve();
const LIMITS = { perMessageDeflate: false, maxPayload: LONGEST_MESSAGE };

function ticketFor(api: Api, id: string, action: StreamAction) {
  return answer(api.POST('/api/v1/spaces/{id}/tickets', { params: { path: { id } }, body: { action } }));
}

function protocols(action: StreamAction, shown: string): string[] {
  return [BYTES_PROTOCOLS[action], shown];
}

/** Null where nothing is known of the space or its leaf. */
async function byGrant(ways: KnownWays, id: string, action: StreamAction): Promise<OpenWay | null> {
  const space = ways.space(id);
  const leaf = ways.leafOf(space);
  if (!space || !leaf) return null;
  const { host } = new URL(leaf.direct);
  const use: GrantUse = { id: randomUUID(), space: id, action, host, until: Date.now() + TICKET_LIFE_MS };
  const shown = `${GRANT_PROTOCOL}${leaf.grant}~${signedUse(use, ways.key)}`;
  const socket = await dial(leaf, bytesPath(id, action), BYTES_PROTOCOLS[action], shown);
  const by = `straight to the leaf of ${space.location}; the origin is away`;
  return { socket, hostKey: space.hostKey, by, keep: nothingToKeep };
}

function signedUse(use: GrantUse, key: KeyObject): string {
  const body = Buffer.from(JSON.stringify(use)).toString('base64url');
  return `${body}.${sign(null, Buffer.from(GRANT_USE_CONTEXT + body), key).toString('base64url')}`;
}

/** What lets one in while the origin is away. Without it all goes on as long as the origin is there. */
async function keepGrant(
  { api }: Client,
  ways: KnownWays,
  location: string,
  { direct, fingerprint }: Target,
): Promise<void> {
  const known = ways.leaf(location);
  const fresh = known && known.expiresAt - Date.now() > RENEW_MS;
  if (fresh && known.direct === direct && known.fingerprint === fingerprint) return;
  const holder = createPublicKey(ways.key).export({ format: 'jwk' }).x ?? '';
  try {
    const { grant, expiresAt } = await answer(api.POST('/api/v1/grants', { body: { location, holder } }));
    ways.keepLeaf(location, { grant, expiresAt, direct, fingerprint });
  } catch (error) {
    if (!isKnotError(error)) throw error;
  }
}

async function dial(
  { direct, fingerprint }: Target,
  path: string,
  protocol: string,
  shown: string,
): Promise<WebSocket> {
  const url = new URL(path, direct.replace(/^http/, 'ws'));
  const tls = url.protocol === 'wss:';
  const port = url.port === '' ? (tls ? 443 : 80) : Number(url.port);
  const how = await clientTls({ host: url.hostname, port, tls, ca: '', fingerprint });
  return opened(new WebSocket(url, [protocol, shown], { ...LIMITS, ...how, handshakeTimeout: DIRECT_MS }));
}

function opened(socket: WebSocket): Promise<WebSocket> {
  return new Promise((resolve, reject) => {
    const fail = (cause: Error) => reject(notOpened(cause));
    socket.once('error', fail);
    socket.once('open', () => {
      socket.off('error', fail);
      resolve(socket);
    });
  });
}

/** Whoever asked had a ticket or a grant just before: it is behind the door that nobody answers. */
function notOpened(cause: Error): KnotError {
  const message = 'There is no way into the space at the moment: its leaf, or the agent in it, does not answer.';
  const hint =
    '`knot locations list` says whether its leaf is heard of, `knot spaces show` whether its agent is there.';
  return new KnotError('server.unavailable', message, hint, {}, { cause });
}
