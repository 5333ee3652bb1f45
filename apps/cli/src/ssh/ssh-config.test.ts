import { describe, expect, it } from 'vitest';
import { hostOf, renderConfig, renderKnownHosts, withInclude, withoutInclude } from './ssh-config.js';

const SPACE = '11111111-2222-4333-8444-555555555555';
const entry = { space: SPACE, name: 'hello', hostKey: 'ssh-ed25519 AAAAC3Nz' };
const parts = { command: ['/opt/my node', 'forward', 'ssh'], identityFile: '/home/a b/key', knownHostsFile: '/k' };

describe('the configuration of ssh', () => {
  it('has an entry for a space that checks its host key and reaches it by its id', () => {
    const text = renderConfig([entry], parts);
    expect(text).toContain('Host knot.hello\n');
    expect(text).toContain(`ProxyCommand '/opt/my node' forward ssh ${SPACE}\n`);
    expect(text).toContain('StrictHostKeyChecking yes\n');
    expect(text).toContain('IdentityFile "/home/a b/key"\n');
    expect(renderKnownHosts([entry])).toBe(`knot-${SPACE} ssh-ed25519 AAAAC3Nz\n`);
  });

  it.each(['a b', 'x\nProxyCommand evil', '*', '', 'ü', 'a;b', '%h'])('leaves out a space named %j', (name) => {
    expect(hostOf({ ...entry, name })).toBeNull();
    expect(renderConfig([{ ...entry, name }], parts)).not.toContain('Host ');
  });

  it('lets no host key bring a second line', () => {
    expect(renderKnownHosts([{ ...entry, hostKey: 'ssh-ed25519 AAAA\n* ssh-ed25519 BBBB' }])).toBe('');
  });

  it('doubles what ssh would put something else in place of', () => {
    expect(renderConfig([entry], { ...parts, command: ["/a%h/it's"] })).toContain(String.raw`'/a%%h/it'\''s'`);
  });

  it('quotes what Windows reads with double quotes, and nothing that has no blank', () => {
    const command = [String.raw`C:\Users\ann\knot.exe`, 'forward', '--config', String.raw`C:\Users\ann lee\knot.yaml`];
    expect(renderConfig([entry], { ...parts, command })).toContain(
      String.raw`ProxyCommand C:\Users\ann\knot.exe forward --config "C:\Users\ann lee\knot.yaml" ${SPACE}` + '\n',
    );
  });

  it.each(['', 'Host x\n  Port 1\n', '# no end'])(
    'is included before all else of %j, once, and taken out again',
    (own) => {
      const once = withInclude(own, '/home/ann/.ssh/knot_hosts');
      expect(once.split('\n')[1]).toBe('Include /home/ann/.ssh/knot_hosts');
      expect(withInclude(once, '/home/ann/.ssh/knot_hosts')).toBe(once);
      expect(withoutInclude(once)).toBe(own);
    },
  );
});
