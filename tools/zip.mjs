// A zip of one program, as every unzip reads it: streamed, since the program is large.
import { createReadStream, createWriteStream, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { crc32, createDeflateRaw } from 'node:zlib';

const DEFLATED = 8;
const MADE_ON_UNIX = (3 << 8) | 20;
const PROGRAM = 0o100_755;
/** The first day that a zip can name: the same program gives the same zip. */
const DATE = 0x21;

/** What the header before the file and the directory at the end both tell. */
function facts({ crc, packed, size, name }) {
  const bytes = Buffer.alloc(26);
  bytes.writeUInt16LE(20, 0);
  bytes.writeUInt16LE(DEFLATED, 4);
  bytes.writeUInt16LE(DATE, 8);
  bytes.writeUInt32LE(crc, 10);
  bytes.writeUInt32LE(packed, 14);
  bytes.writeUInt32LE(size, 18);
  bytes.writeUInt16LE(name.length, 22);
  return bytes;
}

function header(entry) {
  return Buffer.concat([Buffer.from('PK\x03\x04'), facts(entry), entry.name]);
}

function directory(entry) {
  const made = Buffer.alloc(2);
  made.writeUInt16LE(MADE_ON_UNIX);
  const place = Buffer.alloc(14);
  place.writeUInt32LE(PROGRAM * 0x1_0000, 6);
  const listed = Buffer.concat([Buffer.from('PK\x01\x02'), made, facts(entry), place, entry.name]);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(1, 4);
  end.writeUInt16LE(1, 6);
  end.writeUInt32LE(listed.length, 8);
  end.writeUInt32LE(header(entry).length + entry.packed, 12);
  return Buffer.concat([listed, Buffer.from('PK\x05\x06'), end]);
}

/** Packs the file at `from`, executable and named `name`, into a zip at `to`. */
export async function zipProgram(from, name, to) {
  const entry = { crc: 0, packed: 0, size: statSync(from).size, name: Buffer.from(name) };
  const count = new Transform({
    transform(chunk, _encoding, done) {
      entry.crc = crc32(chunk, entry.crc);
      done(null, chunk);
    },
  });
  const start = header(entry).length;
  const packed = createWriteStream(to, { start, mode: 0o644 });
  await pipeline(createReadStream(from, { highWaterMark: 1 << 20 }), count, createDeflateRaw(), packed);
  entry.packed = packed.bytesWritten;
  const file = await open(to, 'r+');
  try {
    await file.write(header(entry), 0, start, 0);
    const tail = directory(entry);
    await file.write(tail, 0, tail.length, start + entry.packed);
  } finally {
    await file.close();
  }
}
