import { describe, expect, it } from 'vitest';
import { shapesOf, upperEdge } from './usage-shape.js';

const frame = { since: 1_000, until: 2_000, step: 100, most: 4 };

describe('a chart of what was used', () => {
  it('is steps that hold until the next figure', () => {
    const figures = [
      { at: 1_000, value: 4 },
      { at: 1_100, value: 1 },
    ];
    expect(shapesOf(figures, frame)).toEqual(['M0 200L0 0L100 0L100 150L200 150V200Z']);
  });

  it('shows no figure of a time of which nothing is known', () => {
    const figures = [
      { at: 1_000, value: 2 },
      { at: 1_500, value: 2 },
    ];
    expect(shapesOf(figures, frame)).toEqual(['M0 200L0 100L100 100V200Z', 'M500 200L500 100L600 100V200Z']);
    expect(shapesOf([], frame)).toEqual([]);
  });

  it('stays within its frame', () => {
    const figures = [
      { at: 950, value: 9 },
      { at: 1_950, value: 0 },
      { at: 2_000, value: 1 },
    ];
    expect(shapesOf(figures, frame)).toEqual(['M0 200L0 0L50 0V200Z', 'M950 200L950 200L1000 200V200Z']);
  });

  it('ends at a round figure above all, that can be halved', () => {
    expect([0, 1, 3, 4, 7, 10, 11, 45, 99, 230].map((value) => upperEdge([value]))).toEqual([
      2, 2, 4, 4, 10, 10, 20, 50, 100, 400,
    ]);
  });
});
