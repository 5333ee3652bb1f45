import { createInterface } from 'node:readline/promises';
import { KnotError } from '@knot/shared/errors';

/** What a person types, or what is piped in. */
export interface TextSource {
  /** Whether a person sits at it. */
  readonly interactive: boolean;
  /** The next line without its end; undefined when there is none. Questions go to the context's stderr before it. */
  readLine(options?: { readonly hidden?: boolean }): Promise<string | undefined>;
  /** All that is left. */
  readAll(): Promise<string>;
}

const BACKSPACE = new Set(['\u007f', '\b']);
const CTRL_C = '\u0003';
const CTRL_D = '\u0004';

/** Standard input; the stream is not touched before something is read. */
export function systemInput(open: () => NodeJS.ReadStream = () => process.stdin): TextSource {
  let piped: string[] | undefined;
  const readPipe = async (): Promise<string[]> => (piped ??= linesOf(await readWhole(open())));
  return {
    get interactive() {
      return open().isTTY === true;
    },
    async readLine({ hidden = false } = {}) {
      if (open().isTTY) return hidden ? readHidden(open()) : readVisible(open());
      return (await readPipe()).shift()?.replace(/\r?\n$/, '');
    },
    async readAll() {
      return (await readPipe()).splice(0).join('');
    },
  };
}

/** Each line with its end. */
export function linesOf(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

async function readWhole(stream: NodeJS.ReadStream): Promise<string> {
  const pieces: Uint8Array[] = [];
  const source: AsyncIterable<Uint8Array> = stream;
  for await (const piece of source) pieces.push(piece);
  return Buffer.concat(pieces).toString('utf8');
}

async function readVisible(stream: NodeJS.ReadStream): Promise<string | undefined> {
  const lines = createInterface({ input: stream, output: process.stderr, terminal: false });
  try {
    return await new Promise<string | undefined>((resolve) => {
      lines.once('line', resolve);
      lines.once('close', () => resolve(undefined));
    });
  } finally {
    lines.close();
    stream.pause();
  }
}

/** A line of which nothing is shown. */
function readHidden(stream: NodeJS.ReadStream): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    let typed = '';
    const finish = (end: () => void): void => {
      stream.off('data', take);
      stream.setRawMode(false);
      stream.pause();
      process.stderr.write('\n');
      end();
    };
    const take = (bytes: Buffer): void => {
      for (const sign of bytes.toString('utf8')) {
        if (sign === '\r' || sign === '\n') return finish(() => resolve(typed));
        if (sign === CTRL_D) return finish(() => resolve(typed === '' ? undefined : typed));
        if (sign === CTRL_C) return finish(() => reject(new KnotError('input.invalid', 'given up')));
        typed = BACKSPACE.has(sign) ? typed.slice(0, -1) : typed + sign;
      }
    };
    stream.setRawMode(true);
    stream.on('data', take);
    stream.resume();
  });
}
