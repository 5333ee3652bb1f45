import {
  decodeNumbered,
  encodeNumbered,
  isCount,
  isId,
  isUuid,
  type Fields,
  type NumberedMessage,
} from './numbered-message.js';

/** What goes between a terminal's window and the agent. */
export type TerminalMessage = NumberedMessage<TerminalControl>;

export type TerminalControl =
  /**
   * The window's first message: a terminal it had before, else ''. `received` counts output, as `ack` does. `create`: the
   * id of the one to be made where that is not there (any more), so that asking again, where the answer was lost, makes
   * no second one; '' leaves it to the agent.
   */
  | {
      readonly say: 'open';
      readonly terminal: string;
      readonly create: string;
      readonly received: number;
      readonly size: TerminalSize;
    }
  | { readonly say: 'resize'; readonly size: TerminalSize }
  /** The window is closed for good: its shell ends. */
  | { readonly say: 'close' }
  /**
   * The agent's first message. `received` counts input. Output goes on at `from`: where that is above what the window
   * has, the bytes between are lost, and a window says so. Up to `shown` some window has drawn it before, and answered what
   * was asked there; 0 from an older agent. `fresh`: a new shell, whatever was asked for.
   */
  | {
      readonly say: 'opened';
      readonly terminal: string;
      readonly received: number;
      readonly from: number;
      readonly shown: number;
      readonly fresh: boolean;
    }
  /** The shell has ended; nothing follows. */
  | { readonly say: 'ended'; readonly code: number }
  | { readonly say: 'refused'; readonly message: string };

export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

export function encodeTerminalMessage(message: TerminalMessage): Uint8Array<ArrayBuffer> {
  return encodeNumbered(message);
}

/** Null for anything else. The bytes of `data` are a view of those given. */
export function decodeTerminalMessage(encoded: Uint8Array): TerminalMessage | null {
  return decodeNumbered(encoded, parseControl);
}

function parseControl(fields: Fields): TerminalControl | null {
  const { say, terminal, create, received, from, shown, fresh, code, message } = fields;
  const size = sizeOf(fields['size']);
  switch (say) {
    case 'open':
      return isId(terminal) && isCount(received) && size
        ? { say, terminal, create: isUuid(create) ? create : '', received, size }
        : null;
    case 'resize':
      return size && { say, size };
    case 'close':
      return { say };
    case 'opened':
      return isId(terminal) && isCount(received) && isCount(from) && typeof fresh === 'boolean'
        ? { say, terminal, received, from, shown: isCount(shown) ? shown : 0, fresh }
        : null;
    case 'ended':
      return typeof code === 'number' ? { say, code } : null;
    case 'refused':
      return typeof message === 'string' ? { say, message } : null;
    default:
      return null;
  }
}

function sizeOf(value: unknown): TerminalSize | null {
  if (typeof value !== 'object' || value === null) return null;
  const { columns, rows }: { columns?: unknown; rows?: unknown } = value;
  const fits = (one: unknown): one is number => Number.isInteger(one) && Number(one) >= 1 && Number(one) <= 1_000;
  return fits(columns) && fits(rows) ? { columns, rows } : null;
}
