import { afterEach, describe, expect, it } from 'vitest';
import { armFailpoints, failpoint } from './failpoint.js';

afterEach(() => armFailpoints(undefined));

function recordingEffects(): { log: string[]; kill(): void; sleep(ms: number): Promise<void> } {
  const log: string[] = [];
  return {
    log,
    kill: () => void log.push('killed'),
    sleep: async (ms) => void log.push(`slept ${ms}`),
  };
}

describe('failpoint', () => {
  it('does nothing at all while none is armed', () => {
    expect(failpoint('leaf.create.before')).toBeUndefined();
  });

  it('kills, sleeps or throws where it was armed, and nowhere else', async () => {
    const effects = recordingEffects();
    armFailpoints('leaf.create.before=exit; leaf.create.after=sleep(500);leaf.remove.before=error', effects);
    await failpoint('leaf.create.before');
    await failpoint('leaf.create.after');
    expect(effects.log).toEqual(['killed', 'slept 500']);
    await expect(failpoint('leaf.remove.before')).rejects.toThrow('leaf.remove.before struck');
    expect(failpoint('leaf.remove.after')).toBeUndefined();
  });

  it('throws only as often as it was told', async () => {
    armFailpoints('leaf.create.before=error(2)');
    await expect(failpoint('leaf.create.before')).rejects.toThrow();
    await expect(failpoint('leaf.create.before')).rejects.toThrow();
    await expect(failpoint('leaf.create.before')).resolves.toBeUndefined();
  });

  it.each([
    'leaf.nowhere=exit',
    'leaf.create.before',
    'leaf.create.before=explode',
    'leaf.create.before=sleep',
    '=exit',
  ])('refuses "%s" when the process starts', (text) => expect(() => armFailpoints(text)).toThrow('KNOT_FAILPOINTS'));
});
