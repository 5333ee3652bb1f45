import { expect, it } from 'vitest';
import { runLogged } from './run-logged.js';

it('a program that takes no notice of being told to end is ended', async () => {
  const end = new AbortController();
  const code = await runLogged(
    {
      program: '/bin/sh',
      args: ['-c', "trap '' TERM; echo ready; while :; do sleep 0.05; done"],
      shell: { folder: '/', env: { PATH: process.env['PATH'] ?? '' } },
      onLine: (line) => line === 'ready' && end.abort(),
      graceMs: 100,
    },
    end.signal,
  );
  expect(code).toBe(128 + 9);
});
