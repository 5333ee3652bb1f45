import type { Terminal } from '@xterm/xterm';

/** By what programs ask a terminal for its kind, its modes, its place and its size. */
const QUESTIONS = [
  { final: 'c' },
  { prefix: '>', final: 'c' },
  { prefix: '=', final: 'c' },
  { final: 'n' },
  { prefix: '?', final: 'n' },
  { intermediates: '$', final: 'p' },
  { prefix: '?', intermediates: '$', final: 'p' },
  { prefix: '>', final: 'q' },
  { prefix: '?', final: 'u' },
  { final: 't' },
];
/** Settings that are asked for as a string, and colours. */
const STRINGS = [
  { intermediates: '$', final: 'q' },
  { intermediates: '+', final: 'q' },
];
const COLOURS = [4, 10, 11, 12];

/**
 * Writes what was shown before: what is asked in it was answered then, and a second answer would be typed into whatever
 * runs there now.
 */
export function withoutAnswers(screen: Terminal): (bytes: Uint8Array, drawn: () => void) => void {
  const { parser } = screen;
  let writing = 0;
  const isAgain = () => writing > 0;
  for (const question of QUESTIONS) parser.registerCsiHandler(question, isAgain);
  for (const question of STRINGS) parser.registerDcsHandler(question, isAgain);
  for (const colour of COLOURS) parser.registerOscHandler(colour, (data) => isAgain() && data.includes('?'));
  return (bytes, drawn) => {
    writing += 1;
    screen.write(bytes, () => {
      writing -= 1;
      drawn();
    });
  };
}
