import type { Duplex } from 'node:stream';
import {
  LONGEST_USE_LINE,
  parseUseLine,
  USE_WATCH_PATH,
  USE_WATCH_UPGRADE,
  type UseNews,
  type WatchedUse,
} from '@knot/contract';
import { LineReader, readLine } from '@knot/link';
import type { Logger } from '@knot/shared';
import { toKnotError } from '@knot/shared/errors';
import type { AppAccess } from '../apps/app-access.js';
import type { LeafIdentity } from '../sync/caller.js';
import type { EndedProofs } from './ended-proofs.js';
import { mayStillEnter, type EnteringParts } from './may-still-enter.js';
import type { OpenUses } from './open-uses.js';

const ANSWER_MS = 10_000;
/** A connection that broke while the link stands is opened anew after so long, ms. */
const AGAIN_MS = 1_000;
const MOST_LINES = 16;
/** Of one leaf at once. */
const MOST_USES = 10_000;

export interface LeafUsesParts extends EnteringParts {
  readonly uses: OpenUses;
  readonly ended: EndedProofs;
  readonly access: Pick<AppAccess, 'mayStillOpen'>;
  readonly logger: Logger;
}

/** A leaf's link, as far as it is needed here. */
export interface FollowedLink {
  open(): Duplex;
  /** Settles once it has ended. */
  readonly over: Promise<void>;
}

/** Tells leaves whether those still may who have something open there: as soon as they ask, and once they no longer may. */
export class LeafUses {
  constructor(private readonly parts: LeafUsesParts) {}

  /** As long as the leaf's link lasts, by one connection after the other. An older leaf asks nothing. */
  async follow({ location }: Pick<LeafIdentity, 'location'>, link: FollowedLink): Promise<void> {
    let lasts = true;
    const over = link.over.then(() => {
      lasts = false;
    });
    while (lasts) {
      await Promise.race([this.serve(location, link), over]);
      if (lasts) await this.parts.clock.sleep(AGAIN_MS);
    }
  }

  /** Until the connection has ended, or there can be none: a link that is about to end opens nothing more. */
  private async serve(location: string, link: FollowedLink): Promise<void> {
    let stream: Duplex | undefined;
    try {
      const connection = link.open();
      stream = connection;
      const ended = new Promise((resolve) => connection.once('close', resolve));
      const asked = `GET ${USE_WATCH_PATH} HTTP/1.1\r\nHost: leaf\r\nConnection: Upgrade\r\nUpgrade: ${USE_WATCH_UPGRADE}`;
      connection.write(`${asked}\r\n\r\n`);
      if (await isUpgraded(connection)) this.answer(location, connection);
      else connection.destroy();
      await ended;
    } catch (error) {
      this.parts.logger.debug({ err: toKnotError(error) }, 'a leaf does not say what is open there');
      stream?.destroy();
    }
  }

  private answer(location: string, stream: Duplex): void {
    const { ended } = this.parts;
    const open = new Map<string, () => void>();
    const lines = new LineReader(LONGEST_USE_LINE);
    const tell = (news: UseNews) => {
      if (stream.writable) stream.write(`${JSON.stringify(news)}\n`);
    };
    const stop = (key: string) => {
      open.get(key)?.();
      open.delete(key);
    };
    stream.once('close', () => [...open.keys()].forEach(stop));
    const hear = (line: string) => {
      const said = parseUseLine(line);
      if (!said || open.size > MOST_USES || stream.destroyed) return void stream.destroy();
      switch (said.say) {
        case 'since':
          stop('');
          return void open.set('', ended.follow(said.position, tell));
        case 'watch':
          stop(said.key);
          return void open.set(said.key, this.watch(location, said, tell));
        case 'drop':
          return stop(said.key);
      }
    };
    stream.on('data', (chunk: Buffer) => {
      try {
        lines.take(chunk).forEach(hear);
      } catch {
        stream.destroy();
      }
    });
  }

  /** Gives what ends the watch. */
  private watch(location: string, use: WatchedUse, tell: (news: UseNews) => void): () => void {
    const { uses, logger } = this.parts;
    const { key, space } = use;
    const judge = (still: boolean) => tell({ say: 'verdict', key, still });
    const still = () => this.still(location, use);
    const { promise: over, resolve: drop } = Promise.withResolvers<void>();
    void still().then(judge, (error: unknown) => logger.debug({ err: error }, 'the store does not say who still may'));
    void uses.watch(space, { key: `leaf ${location} ${key}`, still, cut: () => judge(false) }, over);
    return drop;
  }

  /** A leaf learns nothing of what is not its own. */
  private async still(location: string, { proof, space, port }: WatchedUse): Promise<boolean> {
    const { store, access } = this.parts;
    const row = await store.get('space', space);
    if (row?.location !== location) return false;
    if (port === '') return mayStillEnter(this.parts, proof, space);
    return access.mayStillOpen(proof, row, port);
  }
}

async function isUpgraded(stream: Duplex): Promise<boolean> {
  const timer = setTimeout(() => stream.destroy(), ANSWER_MS);
  try {
    const first = await readLine(stream, 1_024);
    for (let lines = 0; lines < MOST_LINES; lines += 1) {
      if ((await readLine(stream, 1_024)).trim() === '') return first.startsWith('HTTP/1.1 101');
    }
    return false;
  } finally {
    clearTimeout(timer);
  }
}
