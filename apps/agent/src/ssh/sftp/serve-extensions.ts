import type { StatsFs } from 'node:fs';
import * as fs from 'node:fs/promises';
import type { SFTPWrapper } from 'ssh2';
import { callInside } from '../call-inside.js';
import { MOST_HANDLES, type Handles } from './handles.js';
import { PacketReader, packet, text, whole } from './packets.js';

const [VERSION, EXTENDED_REPLY] = [2, 201];
/** What ssh2 takes and gives at once, bytes; a write has its name and place beside it. */
const LONGEST_PACKET = 256 * 1024;
const LONGEST_PIECE = LONGEST_PACKET - 1024;
const LONGEST_NAME = 255n;
/** Before a client that has no room for an answer is tried again. */
const FULL_MS = 20;

/** What OpenSSH's clients ask for beside the protocol, with the version of each that is spoken. */
const SPOKEN = {
  'posix-rename@openssh.com': '1',
  'hardlink@openssh.com': '1',
  'fsync@openssh.com': '1',
  'statvfs@openssh.com': '2',
  'fstatvfs@openssh.com': '2',
  'limits@openssh.com': '1',
} as const;

interface Answers {
  readonly handles: Handles;
  /** A path as the client says it, made whole. */
  readonly at: (path: string) => string;
  /** Says that the deed is done, or why not. */
  readonly answer: (id: number, deed: Promise<unknown>) => void;
  /** Says what the deed gives, or why it failed. */
  readonly tell: <T>(id: number, deed: Promise<T>, say: (value: T) => void) => void;
  /** There is no such request. */
  readonly unknown: (id: number) => void;
}

/** Tells the client of these extensions, and serves them. */
export function serveExtensions(sftp: SFTPWrapper, { handles, at, answer, tell, unknown }: Answers): void {
  offer(sftp);
  const reply = (id: number, numbers: readonly bigint[]) =>
    send(sftp, packet(EXTENDED_REPLY, [whole(id), ...numbers.map(long)]));
  const tellSpace = (id: number, asked: Promise<StatsFs>) => tell(id, asked, (stats) => reply(id, spaceOf(stats)));
  const serve = (id: number, name: string, fields: PacketReader) => {
    switch (name) {
      case 'posix-rename@openssh.com':
        return answer(id, fs.rename(at(fields.text()), at(fields.text())));
      case 'hardlink@openssh.com':
        return answer(id, fs.link(at(fields.text()), at(fields.text())));
      case 'fsync@openssh.com': {
        const synced = handles.inTurn(fields.bytes(), (file) => file.sync());
        return answer(id, synced);
      }
      case 'statvfs@openssh.com':
        return tellSpace(id, fs.statfs(at(fields.text())));
      case 'fstatvfs@openssh.com': {
        const seen = handles.inTurn(fields.bytes(), ({ fd }) => fs.statfs(`/proc/self/fd/${fd}`));
        return tellSpace(id, seen);
      }
      case 'limits@openssh.com':
        return reply(id, [LONGEST_PACKET, LONGEST_PIECE, LONGEST_PIECE, MOST_HANDLES].map(BigInt));
      default:
        return unknown(id);
    }
  };
  const take = (id: number, name: string, data: Buffer = Buffer.alloc(0)) => {
    try {
      serve(id, name, new PacketReader(data));
    } catch {
      // one whose fields cannot be read
      unknown(id);
    }
  };
  // its types do not know this event
  Reflect.apply(sftp.on.bind(sftp), undefined, ['EXTENDED', take]);
}

/** As POSIX has it. What Node does not know is 0, and every name may have 255 bytes. */
function spaceOf({ bsize, blocks, bfree, bavail, files, ffree }: StatsFs): readonly bigint[] {
  return [...[bsize, bsize, blocks, bfree, bavail, files, ffree, ffree, 0, 0].map(BigInt), LONGEST_NAME];
}

/** ssh2 says its version and no extension: what it says first is said anew with them. */
function offer(sftp: SFTPWrapper): void {
  const protocol: unknown = Reflect.get(sftp, '_protocol');
  if (typeof protocol !== 'object' || protocol === null) throw new TypeError('This ssh2 keeps its protocol elsewhere.');
  const first = {
    channelData: (id: number, data: Buffer) => {
      Reflect.set(sftp, '_protocol', protocol);
      if (data[4] !== VERSION) return callInside(protocol, 'channelData', [id, data]);
      const told = Object.entries(SPOKEN).flatMap(([name, version]) => [text(name), text(version)]);
      return send(sftp, packet(VERSION, [data.subarray(5), ...told]), data.length);
    },
  };
  Reflect.set(sftp, '_protocol', Object.setPrototypeOf(first, protocol));
}

/** `counted`: so much of it is off the client's window already. */
function send(sftp: SFTPWrapper, bytes: Buffer, counted = 0): void {
  const channel: unknown = Reflect.get(sftp, 'outgoing');
  if (typeof channel !== 'object' || channel === null || Reflect.get(channel, 'state') !== 'open') return;
  const left = Number(Reflect.get(channel, 'window')) - bytes.length + counted;
  if (left <= 0) return void setTimeout(() => send(sftp, bytes, counted), FULL_MS);
  Reflect.set(channel, 'window', left);
  callInside(Reflect.get(sftp, '_protocol'), 'channelData', [Reflect.get(channel, 'id'), bytes]);
}

function long(value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(value);
  return bytes;
}
