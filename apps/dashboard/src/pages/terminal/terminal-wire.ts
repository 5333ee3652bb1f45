import {
  decodeTerminalMessage,
  encodeTerminalMessage,
  type TerminalControl,
  type TerminalMessage,
  type TerminalSize,
} from '@knot/contract/terminal';
import { sentencesOf } from '../../api/sentences-of.js';

export type WireState = 'connecting' | 'connected' | 'away' | 'ended';

export interface WireWay {
  /** Open, with nothing read from it yet. */
  readonly socket: WebSocket;
  /** What a person is told once the terminal is there. */
  readonly by: string;
}

export interface WireEvents {
  /** Bytes for the screen; `drawn` says that they are on it. */
  /** `again`: a window has shown it before, and answered what is asked there. */
  output(bytes: Uint8Array, again: boolean, drawn: () => void): void;
  /** So many bytes before the next output are lost. */
  gap(bytes: number): void;
  /** The agent knows the terminal by this id from now on; `fresh`: as a new one in place of an earlier one. */
  opened(terminal: string, fresh: boolean): void;
  ended(code: number): void;
  state(state: WireState, message: string): void;
}

export interface WirePorts {
  /** A new connection, whichever way. */
  open(): Promise<WireWay>;
  /** From 0 up to but not including 1. */
  chance(): number;
  /** A uuid. */
  newId(): string;
}

const LONGEST_PAUSE_MS = 5_000;
const BEAT_MS = 10_000;
/** Without a word for so long the connection is held for dead, ms. */
const SILENCE_MS = 25_000;
const NOTHING = new Uint8Array();

interface Unsaid {
  readonly at: number;
  readonly bytes: Uint8Array;
}

/** One terminal as its window has it: counts what came and what was sent, and comes back for as long as it is open. */
export class TerminalWire {
  private socket: WebSocket | null = null;
  private by = '';
  /** Of the next shell to be made for it. */
  private create: string;
  private received = 0;
  /** Output that some window has shown before. */
  private shown = 0;
  private sent = 0;
  /** Whether `sent` counts as the shell does: not before it has told how much it has. */
  private counted = false;
  /** Typed and not acknowledged. */
  private unsaid: Unsaid[] = [];
  private isOpen = false;
  private failures = 0;
  private over = false;
  private heardAt = 0;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private readonly beat: ReturnType<typeof setInterval>;

  constructor(
    private terminal: string,
    private size: TerminalSize,
    private readonly ports: WirePorts,
    private readonly on: WireEvents,
  ) {
    this.create = ports.newId();
    this.beat = setInterval(() => this.beats(), BEAT_MS);
    on.state('connecting', '');
    void this.dial();
  }

  type(bytes: Uint8Array): void {
    if (this.over) return;
    const piece = { at: this.sent, bytes };
    this.unsaid.push(piece);
    this.sent += bytes.length;
    if (this.isOpen) this.send({ kind: 'data', ...piece });
  }

  resize(size: TerminalSize): void {
    this.size = size;
    if (this.isOpen) this.control({ say: 'resize', size });
  }

  /** Now, not after the pause: the network is back, or somebody looks, after a sleep of the machine perhaps. */
  hurry(): void {
    if (this.over) return;
    if (this.socket) this.beats();
    if (this.socket) return;
    clearTimeout(this.retry);
    void this.dial();
  }

  /** The shell ends with its window. */
  end(): void {
    if (this.isOpen) this.control({ say: 'close' });
    this.leave();
  }

  /** The window goes, the shell stays. */
  leave(): void {
    this.over = true;
    clearTimeout(this.retry);
    clearInterval(this.beat);
    this.socket?.close();
  }

  private async dial(): Promise<void> {
    try {
      const way = await this.ports.open();
      // another attempt may have come through meanwhile
      if (this.over || this.socket) way.socket.close();
      else this.begin(way);
    } catch (error) {
      if (!this.socket) this.lost(null, sentencesOf(error));
    }
  }

  private begin({ socket, by }: WireWay): void {
    this.socket = socket;
    this.by = by;
    this.heardAt = Date.now();
    socket.binaryType = 'arraybuffer';
    socket.onmessage = ({ data }: MessageEvent<unknown>) => {
      if (socket === this.socket && data instanceof ArrayBuffer) this.take(new Uint8Array(data));
    };
    socket.onclose = () => this.lost(socket, '');
    const { terminal, create, received, size } = this;
    this.control({ say: 'open', terminal, create, received, size });
  }

  private lost(socket: WebSocket | null, message: string): void {
    if (this.over || socket !== this.socket) return;
    this.socket = null;
    this.isOpen = false;
    this.on.state('away', message);
    const longest = Math.min(LONGEST_PAUSE_MS, 250 * 2 ** this.failures);
    this.failures += 1;
    clearTimeout(this.retry);
    this.retry = setTimeout(() => void this.dial(), longest * (0.5 + this.ports.chance() / 2));
  }

  private take(encoded: Uint8Array): void {
    this.heardAt = Date.now();
    const message = decodeTerminalMessage(encoded);
    switch (message?.kind) {
      case 'data':
        return this.print(message.at, message.bytes);
      case 'ack':
        this.unsaid = this.unsaid.filter(({ at, bytes }) => at + bytes.length > message.at);
        return;
      case 'control':
        return this.told(message.control);
      case undefined:
        return this.socket?.close();
    }
  }

  private print(at: number, bytes: Uint8Array): void {
    const skip = this.received - at;
    if (skip >= bytes.length) return;
    if (skip < 0) this.on.gap(-skip);
    const start = at + Math.max(0, skip);
    const fresh = bytes.slice(start - at);
    const again = Math.min(fresh.length, Math.max(0, this.shown - start));
    if (again > 0) this.draw(fresh.subarray(0, again), start, true);
    if (again < fresh.length) this.draw(fresh.subarray(again), start + again, false);
  }

  private draw(bytes: Uint8Array, at: number, again: boolean): void {
    this.received = at + bytes.length;
    const { received, socket } = this;
    this.on.output(bytes, again, () => {
      if (socket === this.socket && this.isOpen) this.send({ kind: 'ack', at: received });
    });
  }

  private told(control: TerminalControl): void {
    switch (control.say) {
      case 'opened':
        return this.opened(control);
      case 'ended':
        this.on.ended(control.code);
        this.on.state('ended', '');
        return this.leave();
      case 'refused':
        this.on.state('ended', control.message);
        return this.leave();
      default:
        return;
    }
  }

  private opened({ terminal, received, from, shown, fresh }: Extract<TerminalControl, { say: 'opened' }>): void {
    const before = this.terminal;
    this.terminal = terminal;
    this.failures = 0;
    this.isOpen = true;
    this.shown = fresh ? 0 : shown;
    if (fresh) {
      // What was typed for another shell is not typed into this one.
      if (before !== '') this.unsaid = [];
      this.create = this.ports.newId();
      this.received = 0;
      this.renumber(0);
    } else {
      if (this.received > 0 && from > this.received) this.on.gap(from - this.received);
      this.received = from;
      // typed before the first answer, by a page that was loaded again: it goes after all that came before
      if (!this.counted) this.renumber(received);
      this.unsaid = this.unsaid.filter(({ at, bytes }) => at + bytes.length > received);
    }
    this.counted = true;
    this.on.opened(terminal, fresh && before !== '');
    this.on.state('connected', this.by);
    for (const piece of this.unsaid) this.send({ kind: 'data', ...piece });
  }

  /** What is not said yet follows what the shell has: nothing, for a new one. */
  private renumber(from: number): void {
    this.sent = from;
    this.unsaid = this.unsaid.map(({ bytes }) => {
      const at = this.sent;
      this.sent += bytes.length;
      return { at, bytes };
    });
  }

  /** An empty piece is acknowledged like any other: so each side knows that the other is there. */
  private beats(): void {
    if (!this.isOpen) return;
    if (Date.now() - this.heardAt > SILENCE_MS) {
      const { socket } = this;
      socket?.close();
      return this.lost(socket, '');
    }
    this.send({ kind: 'data', at: this.sent, bytes: NOTHING });
  }

  private control(control: TerminalControl): void {
    this.send({ kind: 'control', control });
  }

  private send(message: TerminalMessage): void {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(encodeTerminalMessage(message));
  }
}
