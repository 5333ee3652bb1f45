import { describe, expect, it } from 'vitest';
import { loginShell } from './shell.js';

const KNOWN = () => ({ shell: '/bin/sh', homedir: '/home/ann' });
const UNKNOWN = () => {
  throw new Error('uv_os_get_passwd returned ENOENT');
};

describe('the shell of a terminal', () => {
  it("is the user's own, unless the environment names one that is there", () => {
    expect(loginShell({}, '', KNOWN)).toMatchObject({ program: '/bin/sh', folder: '/home/ann' });
    expect(loginShell({ KNOT_SHELL: '/bin/bash', HOME: '/work' }, '', KNOWN)).toMatchObject({
      program: '/bin/bash',
      folder: '/work',
    });
    expect(loginShell({ SHELL: '/no/such/shell' }, '', KNOWN).program).toBe('/bin/sh');
  });

  it('is the one that its space asks for by name, where the image has it', () => {
    const env = { KNOT_SHELL: '/bin/bash' };
    expect(loginShell(env, 'sh', KNOWN)).toMatchObject({ program: '/bin/sh', env: { SHELL: '/bin/sh' } });
    expect(loginShell(env, 'no-such-shell', KNOWN).program).toBe('/bin/bash');
    expect(loginShell({}, 'no-such-shell', KNOWN).program).toBe('/bin/sh');
  });

  it('is there for a user that the image knows by number only', () => {
    expect(loginShell({}, '', UNKNOWN)).toMatchObject({ program: expect.stringMatching(/^\/.*sh$/), folder: '/' });
  });

  it('has no secret of the agent', () => {
    const { env } = loginShell({ KNOT_JOIN_SECRET: 'x', KNOT_AGENT_CA: 'y', EDITOR: 'vi' }, '', KNOWN);
    expect(env).toEqual({ EDITOR: 'vi', TERM: 'xterm-256color', COLORTERM: 'truecolor', SHELL: '/bin/sh' });
  });
});
