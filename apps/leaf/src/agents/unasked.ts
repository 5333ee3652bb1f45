/** What may still be on its way when all that was open is closed, with what an agent says by itself: bytes. */
const MOST = 16 * 1024 * 1024;
/** What an agent says by itself: reports, pings and their answers, bytes a second. */
const EACH_SECOND = 16 * 1024;
/** Pings and settings that it may send, a second; it sends one ping in ten. */
const TOLD_EACH_SECOND = 100;

/** What an agent has sent by the time of a look. */
interface SentByAgent {
  /** Of all its connection, since that began. */
  readonly bytes: number;
  /** Pings and settings, likewise. */
  readonly told: number;
}

/**
 * Counts what an agent sends that nobody asked for: it is root inside a space, and each frame costs its leaf as much as
 * itself. What people have open is not counted, for they may take as much as they like.
 */
export class Unasked {
  private left = MOST;
  private seen: SentByAgent = { bytes: 0, told: 0 };

  /** Whether it is too much. `asked`: somebody has, or had since the last look, something open. */
  look(sent: SentByAgent, seconds: number, asked: boolean): boolean {
    const { bytes, told } = this.seen;
    this.seen = sent;
    const spent = asked ? 0 : sent.bytes - bytes;
    this.left = asked ? MOST : Math.min(MOST, this.left + seconds * EACH_SECOND - spent);
    return this.left < 0 || sent.told - told > Math.max(1, seconds) * TOLD_EACH_SECOND;
  }
}
