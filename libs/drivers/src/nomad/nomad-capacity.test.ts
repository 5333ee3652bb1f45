import { describe, expect, it } from 'vitest';
import { capacityOf } from './nomad-capacity.js';

describe('what a Nomad has in all', () => {
  it('is the sum of its nodes, in words', () => {
    const node = { NodeResources: { Cpu: { CpuShares: 12_400 }, Memory: { MemoryMB: 32_768 } } };
    expect(capacityOf([node, node])).toBe('2 nodes, 24.8 GHz, 64 GiB');
    expect(capacityOf([node])).toBe('1 node, 12.4 GHz, 32 GiB');
    expect(capacityOf([])).toBe('0 nodes, 0.0 GHz, 0 GiB');
  });
});
