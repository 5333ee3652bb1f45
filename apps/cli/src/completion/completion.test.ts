import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { runInProcess } from '../testing/run-in-process.js';

/** What bash itself offers after these words, the last being the one under the cursor. */
async function bashOffers(...words: string[]): Promise<string[]> {
  const { stdout } = await runInProcess(['completion', 'bash']);
  const quoted = ['knot', ...words].map((word) => `'${word}'`).join(' ');
  const ask = `COMP_WORDS=(${quoted}); COMP_CWORD=${words.length}; _knot; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const answer = execFileSync('bash', ['--norc', '-c', `${stdout}\n${ask}`], { encoding: 'utf8', timeout: 10_000 });
  return answer.split('\n').filter((line) => line !== '');
}

describe('knot completion', () => {
  it('offers commands and flags in bash at every depth', async () => {
    expect(await bashOffers('')).toEqual(
      expect.arrayContaining(['config', 'scaffold', 'genkey', 'completion', '--help']),
    );
    expect(await bashOffers('conf')).toEqual(['config']);
    expect(await bashOffers('config', '')).toEqual(expect.arrayContaining(['check', 'show']));
    expect(await bashOffers('config', 'check', '--js')).toEqual(['--json']);
    expect(await bashOffers('config', 'check', '--json', '--fo')).toEqual(['--for']);
  });

  it.each(['zsh', 'fish'])('names every command for %s', async (shell) => {
    const { code, stdout } = await runInProcess(['completion', shell]);
    expect(code).toBe(0);
    for (const name of ['config', 'check', 'show', 'scaffold', 'genkey', 'gen-server-key'])
      expect(stdout).toContain(name);
  });

  it('refuses a shell it does not know', async () => {
    expect(await runInProcess(['completion', 'csh'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('bash'),
    });
  });
});
