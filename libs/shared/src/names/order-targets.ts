interface Weighed {
  readonly priority: number;
  readonly weight: number;
}

/**
 * The order in which to try the targets of an SRV name (RFC 2782): the lowest priority first; among equals by chance, in
 * proportion to their weights, one of weight 0 hardly ever first.
 */
export function orderTargets<T extends Weighed>(records: readonly T[], chance: () => number): readonly T[] {
  const groups = Map.groupBy(records, (record) => record.priority);
  const priorities = [...groups.keys()].sort((a, b) => a - b);
  return priorities.flatMap((priority) => drawAll(groups.get(priority) ?? [], chance));
}

function drawAll<T extends Weighed>(records: readonly T[], chance: () => number): T[] {
  const left = [...records].sort((a, b) => a.weight - b.weight);
  const drawn: T[] = [];
  while (left.length > 0) {
    const total = left.reduce((sum, { weight }) => sum + weight, 0);
    let mark = chance() * total;
    const index = left.findIndex(({ weight }) => (mark -= weight) < 0);
    drawn.push(...left.splice(index < 0 ? left.length - 1 : index, 1));
  }
  return drawn;
}
