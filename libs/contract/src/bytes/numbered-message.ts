/**
 * What goes between two ends of a stream of bytes that outlives its connections, the same in both directions: each side
 * counts the bytes it has sent, tells the other how far it has got, and after a new connection goes on from what the
 * other one has. So neither network loss nor a restarted leaf loses or doubles a byte.
 */
export type NumberedMessage<Control> =
  /** Bytes of the stream, `at` being the number of those sent before. */
  | { readonly kind: 'data'; readonly at: number; readonly bytes: Uint8Array }
  /** All before this number has arrived. */
  | { readonly kind: 'ack'; readonly at: number }
  | { readonly kind: 'control'; readonly control: Control };

export type Fields = Readonly<Record<string, unknown>>;

/** Longest message, in bytes. */
export const LONGEST_MESSAGE = 128 * 1024;
/** Bytes that one message carries at most. */
export const LONGEST_PIECE = 64 * 1024;
const HEAD = 9;
const KINDS = { data: 1, ack: 2, control: 3 } as const;

export function encodeNumbered<Control>(message: NumberedMessage<Control>): Uint8Array<ArrayBuffer> {
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
export function decodeNumbered<Control>(
  encoded: Uint8Array,
  parse: (fields: Fields) => Control | null,
): NumberedMessage<Control> | null {
  if (encoded.length > LONGEST_MESSAGE) return null;
  switch (encoded[0]) {
    case KINDS.data:
      return encoded.length < HEAD ? null : { kind: 'data', at: readAt(encoded), bytes: encoded.subarray(HEAD) };
    case KINDS.ack:
      return encoded.length === HEAD ? { kind: 'ack', at: readAt(encoded) } : null;
    case KINDS.control: {
      const control = parse(fieldsOf(new TextDecoder().decode(encoded.subarray(1))));
      return control && { kind: 'control', control };
    }
    default:
      return null;
  }
}

export function isId(value: unknown): value is string {
  return typeof value === 'string' && /^[0-9a-f-]{0,36}$/.test(value);
}

export function isUuid(value: unknown): value is string {
  return typeof value === 'string' && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value);
}

export function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

function writeHead(encoded: Uint8Array, kind: number, at: number): void {
  encoded[0] = kind;
  new DataView(encoded.buffer, encoded.byteOffset).setFloat64(1, at);
}

function readAt(encoded: Uint8Array): number {
  const at = new DataView(encoded.buffer, encoded.byteOffset, encoded.byteLength).getFloat64(1);
  return Number.isSafeInteger(at) && at >= 0 ? at : 0;
}

function fieldsOf(text: string): Fields {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
