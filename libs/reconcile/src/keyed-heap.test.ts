import { fc, test } from '@fast-check/vitest';
import { expect } from 'vitest';
import { KeyedHeap } from './keyed-heap.js';

const key = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h');
const change = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('set' as const), key, rank: fc.integer({ min: 0, max: 6 }) }) },
  fc.record({ do: fc.constant('delete' as const), key }),
  fc.record({ do: fc.constant('takeHead' as const) }),
);

test.prop([fc.array(change, { maxLength: 200, size: 'max' })])(
  'the head is always the lowest rank, the earliest of equals',
  (changes) => {
    const heap = new KeyedHeap();
    let model: { key: string; rank: number }[] = [];
    const remove = (gone: string) => (model = model.filter((each) => each.key !== gone));
    for (const step of changes) {
      if (step.do === 'set') {
        heap.set(step.key, step.rank);
        if (model.find((each) => each.key === step.key)?.rank !== step.rank) {
          remove(step.key);
          model.push({ key: step.key, rank: step.rank });
        }
      } else {
        const gone = step.do === 'delete' ? step.key : heap.peek()?.key;
        if (gone !== undefined) {
          expect(heap.delete(gone)).toBe(model.some((each) => each.key === gone));
          remove(gone);
        }
      }
      const lowest = [...model].sort((a, b) => a.rank - b.rank)[0];
      expect(heap.peek()?.key).toBe(lowest?.key);
      expect(heap.size).toBe(model.length);
      for (const each of model) expect(heap.rankOf(each.key)).toBe(each.rank);
    }
  },
);
