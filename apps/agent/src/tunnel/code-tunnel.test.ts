import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LogRing } from '../logs/log-ring.js';
import { CodeTunnel } from './code-tunnel.js';

const SPACE = '0197a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b';

let folder: string;
let ring: LogRing;
const end = new AbortController();

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'knot-tunnel-'));
  ring = new LogRing(() => 0);
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

/** Stands for the vendor's program, whose service cannot be had here: it says what that says. */
function standIn(text: string): void {
  writeFileSync(join(folder, 'code'), `#!/bin/sh\n${text}\n`);
  chmodSync(join(folder, 'code'), 0o755);
  vi.stubEnv('PATH', `${folder}${delimiter}${process.env['PATH'] ?? ''}`);
}

describe('the tunnel of VS Code', () => {
  it('is run until its agent ends: its address is told while it stands, what it says is in the logs', async () => {
    const args = join(folder, 'args');
    standIn(`
echo "$*" >> ${args}
echo 'To grant access to the server, please log into https://github.com/login/device and use code ABCD-1234'
echo '  Open this link in your browser https://vscode.dev/tunnel/knot-0c1d2e3f4a5b/root'
`);
    const seen: string[] = [];
    const tunnel = new CodeTunnel(
      SPACE,
      ring,
      () => {
        seen.push(tunnel.address);
        if (seen.length === 4) end.abort();
      },
      1,
    );
    await tunnel.run(end.signal);
    const address = 'https://vscode.dev/tunnel/knot-0c1d2e3f4a5b/root';
    expect(seen).toEqual([address, '', address, '']);
    expect(readFileSync(args, 'utf8').split('\n')[0]).toBe(
      'tunnel --accept-server-license-terms --name knot-0c1d2e3f4a5b',
    );
    expect(ring.from(0)?.line).toMatchObject({ service: 'vscode-tunnel', text: expect.stringContaining('ABCD-1234') });
  });

  it('says what is missing where the image has no such program', async () => {
    vi.stubEnv('PATH', folder);
    vi.stubEnv('HOME', folder);
    await new CodeTunnel(SPACE, ring, () => undefined).run(new AbortController().signal);
    expect(ring.from(0)?.line.text).toContain('no program named code');
  });
});
