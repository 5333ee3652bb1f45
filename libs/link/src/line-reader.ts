import { StringDecoder } from 'node:string_decoder';
import { KnotError } from '@knot/shared/errors';

/** Cuts a stream of bytes into its lines, and keeps no more than the longest that there may be. */
export class LineReader {
  private readonly decoder = new StringDecoder();
  private begun = '';

  constructor(private readonly longest: number) {}

  /** The lines that are complete now, without their ends. Throws `input.too_large` for one that is longer than it may be. */
  take(chunk: Buffer): readonly string[] {
    const lines = (this.begun + this.decoder.write(chunk)).split('\n');
    this.begun = lines.pop() ?? '';
    const long = [...lines, this.begun].find(({ length }) => length > this.longest);
    if (long === undefined) return lines;
    throw new KnotError('input.too_large', `A line has more than ${this.longest} characters.`);
  }
}
