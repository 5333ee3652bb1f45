interface Node {
  readonly key: string;
  rank: number;
  /** Order of arrival, which settles equal ranks. */
  seq: number;
  index: number;
}

/** Keys by rank, lowest first, equal ranks by arrival. Every change costs O(log n), a look at the head O(1). */
export class KeyedHeap {
  private readonly nodes: Node[] = [];
  private readonly byKey = new Map<string, Node>();
  private arrivals = 0;

  get size(): number {
    return this.nodes.length;
  }

  rankOf(key: string): number | undefined {
    return this.byKey.get(key)?.rank;
  }

  peek(): { readonly key: string; readonly rank: number } | undefined {
    return this.nodes[0];
  }

  /** Puts the key at this rank, wherever it stood before. A key whose rank stays keeps its place. */
  set(key: string, rank: number): void {
    const known = this.byKey.get(key);
    if (known?.rank === rank) return;
    if (known) this.delete(key);
    const node: Node = { key, rank, seq: this.arrivals++, index: this.nodes.length };
    this.nodes.push(node);
    this.byKey.set(key, node);
    this.rise(node);
  }

  delete(key: string): boolean {
    const node = this.byKey.get(key);
    if (!node) return false;
    this.byKey.delete(key);
    const last = this.nodes.pop();
    if (last && last !== node) {
      this.put(last, node.index);
      this.rise(last);
      this.sink(last);
    }
    return true;
  }

  private rise(node: Node): void {
    while (node.index > 0) {
      const parentAt = (node.index - 1) >> 1;
      const parent = this.nodes[parentAt];
      if (!parent || !isBefore(node, parent)) return;
      this.put(parent, node.index);
      this.put(node, parentAt);
    }
  }

  private sink(node: Node): void {
    for (;;) {
      const left = this.nodes[2 * node.index + 1];
      const right = this.nodes[2 * node.index + 2];
      const child = left && right && isBefore(right, left) ? right : left;
      if (!child || !isBefore(child, node)) return;
      const childAt = child.index;
      this.put(child, node.index);
      this.put(node, childAt);
    }
  }

  private put(node: Node, index: number): void {
    this.nodes[index] = node;
    node.index = index;
  }
}

function isBefore(a: Node, b: Node): boolean {
  return a.rank !== b.rank ? a.rank < b.rank : a.seq < b.seq;
}
