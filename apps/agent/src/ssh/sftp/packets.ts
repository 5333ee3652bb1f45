/** A packet of SFTP: its length, its type and its fields. */
export function packet(type: number, fields: readonly Buffer[]): Buffer {
  const body = Buffer.concat([Buffer.of(type), ...fields]);
  return Buffer.concat([whole(body.length), body]);
}

export function whole(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

export function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([whole(bytes.length), bytes]);
}

/** Reads fields in their order. Throws where there is less than was asked for. */
export class PacketReader {
  private at = 0;

  constructor(private readonly data: Buffer) {}

  bytes(): Buffer {
    const start = this.at + 4;
    const end = start + this.data.readUInt32BE(this.at);
    if (end > this.data.length) throw new RangeError('This packet ends too early.');
    this.at = end;
    return this.data.subarray(start, end);
  }

  text(): string {
    return this.bytes().toString();
  }
}
