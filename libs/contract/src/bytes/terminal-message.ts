/**
 * What goes between a terminal's window and the agent, the same in both directions, so that neither network loss nor a
 * restarted leaf loses or doubles a byte: each side counts the bytes it has sent, tells the other how far it has got,
 * and after a new connection goes on from what the other one has.
 */
export type TerminalMessage =
  /** Bytes of the stream, `at` being the number of those sent before. */
  | { readonly kind: 'data'; readonly at: number; readonly bytes: Uint8Array }
  /** All before this number has arrived. */
  | { readonly kind: 'ack'; readonly at: number }
  | { readonly kind: 'control'; readonly control: TerminalControl };

export type TerminalControl =
  /** The window's first message: a terminal it had before, else ''. `received` counts output, as `ack` does. */
  | { readonly say: 'open'; readonly terminal: string; readonly received: number; readonly size: TerminalSize }
  | { readonly say: 'resize'; readonly size: TerminalSize }
  /** The window is closed for good: its shell ends. */
  | { readonly say: 'close' }
  /**
   * The agent's first message. `received` counts input. Output goes on at `from`: where that is above what the window
   * has, the bytes between are lost, and a window says so. `fresh`: a new shell, whatever was asked for.
   */
  | {
      readonly say: 'opened';
      readonly terminal: string;
      readonly received: number;
      readonly from: number;
      readonly fresh: boolean;
    }
  /** The shell has ended; nothing follows. */
  | { readonly say: 'ended'; readonly code: number }
  | { readonly say: 'refused'; readonly message: string };

export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

/** Longest message, in bytes. */
export const LONGEST_TERMINAL_MESSAGE = 128 * 1024;
const HEAD = 9;
const KINDS = { data: 1, ack: 2, control: 3 } as const;

export function encodeTerminalMessage(message: TerminalMessage): Uint8Array<ArrayBuffer> {
  switch (message.kind) {
    case 'data': {
      const encoded = new Uint8Array(HEAD + message.bytes.length);
      writeHead(encoded, KINDS.data, message.at);
      encoded.set(message.bytes, HEAD);
      return encoded;
    }
    case 'ack': {
      const encoded = new Uint8Array(HEAD);
      writeHead(encoded, KINDS.ack, message.at);
      return encoded;
    }
    case 'control': {
      const text = new TextEncoder().encode(JSON.stringify(message.control));
      const encoded = new Uint8Array(1 + text.length);
      encoded[0] = KINDS.control;
      encoded.set(text, 1);
      return encoded;
    }
  }
}

/** Null for anything else. The bytes of `data` are a view of those given. */
export function decodeTerminalMessage(encoded: Uint8Array): TerminalMessage | null {
  if (encoded.length > LONGEST_TERMINAL_MESSAGE) return null;
  switch (encoded[0]) {
    case KINDS.data:
      return encoded.length < HEAD ? null : { kind: 'data', at: readAt(encoded), bytes: encoded.subarray(HEAD) };
    case KINDS.ack:
      return encoded.length === HEAD ? { kind: 'ack', at: readAt(encoded) } : null;
    case KINDS.control: {
      const control = parseControl(new TextDecoder().decode(encoded.subarray(1)));
      return control && { kind: 'control', control };
    }
    default:
      return null;
  }
}

function writeHead(encoded: Uint8Array, kind: number, at: number): void {
  encoded[0] = kind;
  new DataView(encoded.buffer, encoded.byteOffset).setFloat64(1, at);
}

function readAt(encoded: Uint8Array): number {
  const at = new DataView(encoded.buffer, encoded.byteOffset, encoded.byteLength).getFloat64(1);
  return Number.isSafeInteger(at) && at >= 0 ? at : 0;
}

function parseControl(text: string): TerminalControl | null {
  const fields = fieldsOf(text);
  const { say, terminal, received, from, fresh, code, message } = fields;
  const size = sizeOf(fields['size']);
  switch (say) {
    case 'open':
      return isId(terminal) && isCount(received) && size ? { say, terminal, received, size } : null;
    case 'resize':
      return size && { say, size };
    case 'close':
      return { say };
    case 'opened':
      return isId(terminal) && isCount(received) && isCount(from) && typeof fresh === 'boolean'
        ? { say, terminal, received, from, fresh }
        : null;
    case 'ended':
      return typeof code === 'number' ? { say, code } : null;
    case 'refused':
      return typeof message === 'string' ? { say, message } : null;
    default:
      return null;
  }
}

function fieldsOf(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

function sizeOf(value: unknown): TerminalSize | null {
  if (typeof value !== 'object' || value === null) return null;
  const { columns, rows }: { columns?: unknown; rows?: unknown } = value;
  const fits = (one: unknown): one is number => Number.isInteger(one) && Number(one) >= 1 && Number(one) <= 1_000;
  return fits(columns) && fits(rows) ? { columns, rows } : null;
}

function isId(value: unknown): value is string {
  return typeof value === 'string' && /^[0-9a-f-]{0,36}$/.test(value);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}
