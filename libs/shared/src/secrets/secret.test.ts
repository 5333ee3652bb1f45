import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { Secret } from './secret.js';

describe('Secret', () => {
  const secret = new Secret('s3cr3t-value');

  it('hands out its value only when asked to reveal it', () => {
    expect(secret.reveal()).toBe('s3cr3t-value');
    expect(secret.length).toBe(12);
  });

  it('never shows its value when it is printed, joined, inspected or serialised', () => {
    const seen = [
      String(secret),
      `${secret}`,
      ['a', secret].join(),
      inspect({ deep: [secret] }, { showHidden: true, depth: 9 }),
      JSON.stringify({ secret }),
      JSON.stringify(Object.entries(secret)),
    ];
    expect(seen.join('\n')).not.toContain('s3cr3t');
  });
});
