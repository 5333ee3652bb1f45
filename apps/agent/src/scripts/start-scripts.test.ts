import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AgentScript } from '@knot/contract';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LogRing } from '../logs/log-ring.js';
import { StartScripts } from './start-scripts.js';

let folder: string;
let ring: LogRing;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'knot-scripts-'));
  ring = new LogRing(() => 0);
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function script(name: string, text: string, mode = 0o755): string {
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\n${text}\n`);
  chmodSync(path, mode);
  return path;
}

function said(): string[] {
  const lines: string[] = [];
  for (let number = 0; number < ring.end; number += 1) {
    const { service = '', level = '', text = '' } = ring.from(number)?.line ?? {};
    lines.push(`${service} ${level} ${text}`);
  }
  return lines;
}

async function told(paths: readonly string[], end = new AbortController()): Promise<(readonly AgentScript[])[]> {
  const all: (readonly AgentScript[])[] = [];
  const scripts = new StartScripts(paths, ring, () => void all.push(scripts.scripts));
  await scripts.run(end.signal);
  return all;
}

describe('start scripts', () => {
  it('run one after the other, print into the logs, and tell how each ended', async () => {
    const first = script('first', 'echo one; echo two >&2; exit 3');
    const second = script('second', 'printf "no end"', 0o644);
    expect(await told([first, second])).toEqual([
      [{ name: 'first', code: null }],
      [{ name: 'first', code: 3 }],
      [
        { name: 'first', code: 3 },
        { name: 'second', code: null },
      ],
      [
        { name: 'first', code: 3 },
        { name: 'second', code: 0 },
      ],
    ]);
    const lines = said();
    expect(lines.slice(0, 2).toSorted()).toEqual(['first info one', 'first info two']);
    expect(lines.slice(2)).toEqual(['first error It ended with code 3.', 'second info no end']);
  });

  it('may be a folder: what may be run of it, by name; one that is not there has none', async () => {
    mkdirSync(join(folder, 'all.d'));
    script('all.d/20-second', 'echo second');
    script('all.d/10-first', 'echo first');
    script('all.d/README', 'echo never', 0o644);
    const names = (await told([join(folder, 'all.d'), join(folder, 'none.d')])).at(-1)?.map(({ name }) => name);
    expect(names).toEqual(['10-first', '20-second']);
    expect(said()).toEqual(['10-first info first', '20-second info second']);
  });

  it('says of a file that is not there that it is not', async () => {
    expect((await told([join(folder, 'none')])).at(-1)).toEqual([{ name: 'none', code: expect.any(Number) }]);
    expect(said().at(-1)).toContain('It ended with code');
  });

  it('ends with its agent, and so does what it has started', async () => {
    const end = new AbortController();
    const path = script('long', 'sleep 600 & echo started; wait');
    const scripts = new StartScripts([path], ring, () => undefined);
    const leave = ring.follow(() => end.abort());
    await scripts.run(end.signal);
    leave();
    expect(scripts.scripts).toEqual([{ name: 'long', code: 128 + 15 }]);
  });
});
