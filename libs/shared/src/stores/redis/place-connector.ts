import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { AbstractConnector, Redis, type RedisOptions } from 'ioredis';
import type { ServerTarget } from '../../names/server-names.js';
import { CONNECT_MS, dial } from './dial.js';
import { targetsOf, type RedisPlace } from './place.js';

const DISCONNECT_MS = 2_000;
const SHORTEST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 250;

/**
 * How ioredis finds the one server of a place at each new connection: names are looked up anew, targets are tried one
 * after the other, and Sentinels, where there are any, are asked which is the master.
 */
export function connectorTo(place: RedisPlace): NonNullable<RedisOptions['Connector']> {
  return class extends AbstractConnector {
    constructor() {
      super(DISCONNECT_MS);
    }

    /** A former master that Sentinel still names is not taken. */
    override check({ role }: { role?: string }): boolean {
      return !place.masterName || role === undefined || role === 'master';
    }

    /** Ends only with a connection, or when the client was closed: ioredis gives up after an error. */
    override async connect(tell: (type: string, error: Error) => void): Promise<Socket> {
      this.connecting = true;
      for (let pause = SHORTEST_PAUSE_MS; ; pause = Math.min(LONGEST_PAUSE_MS, pause * 2)) {
        try {
          const socket = await dialMaster(place);
          if (!this.connecting) socket.destroy();
          else return (this.stream = socket);
        } catch (error) {
          if (this.connecting) tell('error', error instanceof Error ? error : new Error(String(error)));
        }
        if (this.connecting) await sleep(pause);
        if (!this.connecting) throw new Error('Connection is closed.');
      }
    }
  };
}

async function dialMaster(place: RedisPlace): Promise<Socket> {
  const targets = (await Promise.all(place.hosts.map((host) => targetsOf(host, place)))).flat();
  let refusal: unknown;
  for (const target of targets) {
    try {
      return await dial(place.masterName ? await masterBy(target, place.masterName, place) : target, place);
    } catch (error) {
      refusal ??= error;
    }
  }
  throw refusal;
}

async function masterBy(sentinel: ServerTarget, name: string, place: RedisPlace): Promise<ServerTarget> {
  const socket = await dial(sentinel, place);
  const client = new Redis({
    Connector: class extends AbstractConnector {
      constructor() {
        super(DISCONNECT_MS);
      }
      override async connect(): Promise<Socket> {
        return (this.stream = socket);
      }
    },
    enableReadyCheck: false,
    commandTimeout: CONNECT_MS,
    retryStrategy: () => null,
  });
  client.on('error', () => undefined);
  try {
    const found: unknown = await client.call('SENTINEL', 'get-master-addr-by-name', name);
    if (!Array.isArray(found)) throw new Error(`the Sentinel at ${sentinel.host} knows no master ${name}`);
    const [host, port] = found.map(String);
    if (host === undefined || port === undefined) throw new Error(`the Sentinel at ${sentinel.host} names no master`);
    return { host, address: host, port: Number(port) };
  } finally {
    client.disconnect();
    socket.destroy();
  }
}
