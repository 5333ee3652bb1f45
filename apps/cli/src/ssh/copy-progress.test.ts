import { systemClock } from '@knot/shared/config';
import { expect, it } from 'vitest';
import { systemScreen } from '../screen.js';
import { CopyProgress } from './copy-progress.js';

function progress({ isRead = true, cols = 120 } = {}) {
  let said = '';
  let now = 0;
  const clock = { ...systemClock, monotonic: () => now };
  const pass = (ms: number) => void (now += ms);
  const size = () => ({ cols, rows: 24, term: 'xterm' });
  const screen = { ...systemScreen(), isRead, size };
  const copy = new CopyProgress({ stderr: { write: (text) => void (said += text) }, screen, clock });
  return { copy, pass, lines: () => said.split('\r').map((line) => line.replace(/ {2,}/g, ' | ').trimEnd()) };
}

it('a person sees how much of a large file is there, and how fast it goes', () => {
  const { copy, pass, lines } = progress();
  copy.step('/big/model.bin', 32_768, 1_073_741_824);
  pass(10_000);
  copy.step('/big/model.bin', 429_496_729, 1_073_741_824);
  pass(10_000);
  copy.step('/big/model.bin', 1_073_741_824, 1_073_741_824);
  copy.end();
  copy.end();
  expect(lines()).toEqual([
    '',
    'model.bin | 0 % | 33 kB of 1.1 GB |',
    'model.bin | 39 % | 429 MB of 1.1 GB | 43 MB/s |',
    'model.bin | 100 % | 1.1 GB of 1.1 GB | 54 MB/s |',
  ]);
});

it('the line is written a few times a second, however many pieces come, and at the end of each file', () => {
  const { copy, pass, lines } = progress();
  for (let piece = 1; piece <= 1_000; piece += 1) {
    copy.step('a', piece, 1_000);
    pass(1);
  }
  copy.step('b', 5, 5);
  expect(lines().length).toBeLessThan(9);
  expect(lines().slice(-2)).toEqual([expect.stringMatching(/^a .*100 %/), expect.stringMatching(/^b .*100 %/)]);
});

it('a line fits the terminal, and no name of a file steers it', () => {
  const { copy, lines } = progress({ cols: 60 });
  copy.step(`/x/\u001b]0;owned\u0007${'long'.repeat(20)}`, 1, 2_000_000);
  expect(lines()[1]).not.toContain('\u001b');
  expect(lines()[1]?.length).toBeLessThan(60);
});

it('nobody is told who does not read', () => {
  const { copy, lines } = progress({ isRead: false });
  copy.step('a', 5, 5);
  copy.end();
  expect(lines()).toEqual(['']);
});
