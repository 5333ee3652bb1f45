import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from './eventually.js';

/** `there`: from the one who dialled to the target; `back`: the other way. */
export type Direction = 'there' | 'back';

export interface Shape {
  /** Added to every piece, each way, ms. */
  readonly delayMs?: number;
  /** Of each connection and direction. */
  readonly bytesPerSecond?: number;
  /** Each connection is reset when it has carried so many, both ways together: in the midst of a message, as often as not. */
  readonly bytesPerConnection?: number;
}

/** A TCP proxy on loopback that can be as bad as a network. */
export interface TcpProxy {
  readonly port: number;
  /** The target's URL with the address of the proxy in it. */
  readonly url: string;
  /** A good wire from now on, for what was stalled and for new connections; what was swallowed stays lost. */
  pass(): void;
  /** Resets every connection, and each new one until `pass`. */
  cut(): void;
  /** Takes all and hands on nothing, telling neither end: connections of now for ever, new ones until `pass`. */
  swallow(): void;
  /** Takes nothing more from one side until `pass`: the sender's buffers fill, nothing is lost. */
  stall(direction: Direction): void;
  /** How slow the wire is while it passes. */
  shape(shape: Shape): void;
  /** Payload bytes handed on, and connections taken, since the start. */
  counted(): { readonly there: number; readonly back: number; readonly connections: number };
  close(): void;
}

interface Link {
  readonly sockets: readonly Socket[];
  swallowed: boolean;
  carried: number;
}

export async function startTcpProxy(target: string): Promise<TcpProxy> {
  const { hostname, port: targetPort, protocol } = new URL(target);
  const links = new Set<Link>();
  const counted = { there: 0, back: 0, connections: 0 };
  const stalled = new Set<Direction>();
  let mode: 'pass' | 'cut' | 'swallow' = 'pass';
  let wire: Shape = {};

  const carry = async (link: Link, direction: Direction, from: Socket, to: Socket) => {
    for await (const piece of from as AsyncIterable<Buffer>) {
      if (wire.delayMs) await sleep(wire.delayMs);
      if (wire.bytesPerSecond) await sleep((piece.length * 1_000) / wire.bytesPerSecond);
      while (stalled.has(direction) && !to.destroyed) await sleep(20);
      if (link.swallowed || to.destroyed) continue;
      counted[direction] += piece.length;
      link.carried += piece.length;
      const over = link.carried - (wire.bytesPerConnection ?? Infinity);
      if (over > 0) {
        to.write(piece.subarray(0, Math.max(0, piece.length - over)), () => resetLink(link));
        return;
      }
      if (!to.write(piece)) await eventually(() => !to.writableNeedDrain || to.destroyed, Boolean, FOR_EVER);
    }
    if (!link.swallowed) to.end();
  };
  const server = createServer({ noDelay: true, allowHalfOpen: true }, (dialled) => {
    counted.connections += 1;
    if (mode === 'cut') return dialled.resetAndDestroy();
    const onward = connect({ host: hostname, port: Number(targetPort), noDelay: true, allowHalfOpen: true });
    const link: Link = { sockets: [dialled, onward], swallowed: mode === 'swallow', carried: 0 };
    links.add(link);
    for (const socket of link.sockets) {
      socket.on('error', () => undefined);
      socket.on('close', () => {
        links.delete(link);
        if (!link.swallowed) link.sockets.forEach((other) => other.destroy());
      });
    }
    // A socket that breaks while it is read ends its direction; 'close' has told the other side.
    carry(link, 'there', dialled, onward).catch(() => undefined);
    carry(link, 'back', onward, dialled).catch(() => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const reset = () => links.forEach(resetLink);
  return {
    port,
    url: `${protocol}//127.0.0.1:${port}`,
    pass() {
      mode = 'pass';
      stalled.clear();
    },
    cut() {
      mode = 'cut';
      reset();
    },
    swallow() {
      mode = 'swallow';
      for (const link of links) link.swallowed = true;
    },
    stall: (direction) => void stalled.add(direction),
    shape: (shape) => void (wire = shape),
    counted: () => ({ ...counted }),
    close() {
      server.close();
      reset();
    },
  };
}

function resetLink({ sockets }: Link): void {
  for (const socket of sockets) socket.resetAndDestroy();
}

const FOR_EVER = { timeout: 3_600_000, interval: 20, what: 'the reader' };
