import { describe, expect, it } from 'vitest';
import type { DriverClock } from '../clock.js';
import { OwnWrites } from './own-writes.js';

const written = (name: string, resourceVersion: string) => ({ metadata: { name, resourceVersion } });

function open() {
  let now = 0;
  const reached = new Map<string, string>();
  const clock: DriverClock = {
    now: () => now,
    monotonic: () => now,
    setTimeout: () => 0,
    clearTimeout: () => undefined,
  };
  const writes = new OwnWrites(clock, (kind) => reached.get(kind) ?? '');
  return { writes, reached, pass: (ms: number) => (now += ms) };
}

describe('what we wrote ourselves', () => {
  it('is waited for, kind by kind', () => {
    const { writes, reached } = open();
    expect(writes.haveComeBack('a')).toBe(true);
    writes.wrote('a', 'Deployment', written('web', '105'));
    writes.wrote('a', 'Secret', written('env', '99'));
    expect(writes.haveComeBack('b')).toBe(true);
    reached.set('Deployment', '1000');
    expect(writes.haveComeBack('a')).toBe(false);
    reached.set('Secret', '98');
    expect(writes.haveComeBack('a')).toBe(false);
    reached.set('Secret', '99');
    expect(writes.haveComeBack('a')).toBe(true);
  });

  it('is in doubt for a while where no answer came, and for ever where revisions are no numbers', () => {
    const { writes, reached, pass } = open();
    writes.distrust('a');
    pass(14_000);
    expect(writes.haveComeBack('a')).toBe(false);
    pass(2_000);
    expect(writes.haveComeBack('a')).toBe(true);
    reached.set('Pod', 'opaque');
    writes.wrote('b', 'Pod', written('web', 'opaque'));
    expect(writes.haveComeBack('b')).toBe(false);
  });

  it('is known again when it comes back, and while it is not answered yet', () => {
    const { writes, reached } = open();
    writes.begin('a');
    expect(writes.isOwn('a', 'Deployment', 'web', '105')).toBe(true);
    writes.wrote('a', 'Deployment', written('web', '105'));
    writes.end('a');
    expect(writes.isOwn('a', 'Deployment', 'web', '105')).toBe(true);
    expect(writes.isOwn('a', 'Deployment', 'web', '106')).toBe(false);
    reached.set('Deployment', '105');
    expect(writes.haveComeBack('a')).toBe(true);
    expect(writes.isOwn('a', 'Deployment', 'web', '105')).toBe(false);
  });
});
