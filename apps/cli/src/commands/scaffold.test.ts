import { describe, expect, it } from 'vitest';
import { runInProcess } from '../testing/run-in-process.js';

describe('knot scaffold', () => {
  it.each(['server', 'client', 'agent'])('--%s prints a file that config check accepts', async (kind) => {
    const { code, stdout, stderr } = await runInProcess(['scaffold', `--${kind}`]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const purpose = ['--for', kind];
    const checked = await runInProcess(['config', 'check', ...purpose], { '/work/knot.yaml': stdout });
    expect(checked).toEqual({ code: 0, stdout: expect.stringContaining('ok: /work/knot.yaml'), stderr: '' });
  });

  it('--nomad prints a job', async () => {
    const { code, stdout } = await runInProcess(['scaffold', '--nomad']);
    expect(code).toBe(0);
    expect(stdout).toContain('job "knot-server" {');
  });

  it('--kubernetes prints manifests', async () => {
    const { code, stdout } = await runInProcess(['scaffold', '--kubernetes']);
    expect(code).toBe(0);
    expect(stdout).toContain('kind: StatefulSet');
  });

  it('wants one kind, and one only', async () => {
    expect(await runInProcess(['scaffold'])).toMatchObject({ code: 2, stderr: expect.stringContaining('--nomad') });
    expect(await runInProcess(['scaffold', '--server', '--agent'])).toMatchObject({ code: 2, stdout: '' });
  });
});

describe('knot genkey and gen-server-key', () => {
  it('print a new key each time, long enough for the key it is meant for', async () => {
    const keys = await Promise.all(['genkey', 'genkey', 'gen-server-key'].map((name) => runInProcess([name])));
    expect(keys.map(({ stdout }) => stdout)).toEqual([
      expect.stringMatching(/^\w{32}\n$/),
      expect.stringMatching(/^\w{32}\n$/),
      expect.stringMatching(/^\w{48}\n$/),
    ]);
    expect(new Set(keys.map(({ stdout }) => stdout)).size).toBe(3);
    const asJson: { key: string } = JSON.parse((await runInProcess(['genkey', '--json'])).stdout);
    expect(asJson.key).toHaveLength(32);
  });
});
