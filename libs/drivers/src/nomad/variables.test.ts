import { describe, expect, it } from 'vitest';
import { pathSegment } from './variables.js';

describe('a name in a path of variables', () => {
  it.each(['here', 'dc-1_a', '11111111-2222-4333-8444-555555555555'])('%s is kept', (name) => {
    expect(pathSegment(name)).toBe(name);
  });

  it.each(['~ann/laptop', 'host.example.com', 'x'.repeat(60), '', '_abc', 'ü'])('%j stands as its hash', (name) => {
    expect(pathSegment(name)).toMatch(/^_[A-Za-z0-9_-]{32}$/);
  });

  it('is another for another name', () => expect(pathSegment('a.b')).not.toBe(pathSegment('a/b')));
});
