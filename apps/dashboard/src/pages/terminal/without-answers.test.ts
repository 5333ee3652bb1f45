import { Terminal } from '@xterm/xterm';
import { expect, it } from 'vitest';
import { withoutAnswers } from './without-answers.js';

const QUESTIONS = '\x1b[6n\x1b[?6n\x1b[c\x1b[>c\x1b[?25$p\x1bP$qm\x1b\\';
const written = (write: (done: () => void) => void) => new Promise<void>(write);

it('what is written again is drawn and answers nothing, and what is new is answered', async () => {
  const screen = new Terminal({ cols: 20, rows: 5, allowProposedApi: true });
  const answers: string[] = [];
  screen.onData((data) => answers.push(data));
  const writeAgain = withoutAnswers(screen);
  await written((done) => writeAgain(new TextEncoder().encode(`old${QUESTIONS}`), done));
  expect(answers).toEqual([]);
  await written((done) => screen.write(QUESTIONS, done));
  expect(answers.slice(0, 3)).toEqual(['\x1b[1;4R', '\x1b[?1;4R', '\x1b[?1;2c']);
  expect(answers).toHaveLength(6);
  expect(screen.buffer.active.getLine(0)?.translateToString(true)).toBe('old');
});
