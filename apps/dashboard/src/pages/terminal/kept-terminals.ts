/** A terminal of this browser tab: a key of its own, and the agent's id once it has one. */
export interface KeptTerminal {
  readonly key: string;
  readonly terminal: string;
}

/** The terminals that this tab had open of a space, so that a reload finds the same shells; null when it had none. */
export function keptTerminals(space: string): readonly KeptTerminal[] {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(nameOf(space)) ?? '[]');
    const ids = Array.isArray(kept) ? kept.filter((id) => typeof id === 'string' && id !== '') : [];
    return ids.map((id) => ({ key: String(id), terminal: String(id) }));
  } catch {
    return [];
  }
}

export function keepTerminals(space: string, terminals: readonly KeptTerminal[]): void {
  const ids = terminals.map(({ terminal }) => terminal).filter((id) => id !== '');
  sessionStorage.setItem(nameOf(space), JSON.stringify(ids));
}

/** The one that the address asks for is among them, and first to be shown where it is new here. */
export function withAsked(kept: readonly KeptTerminal[], asked: string): readonly KeptTerminal[] {
  if (asked === '' || kept.some(({ terminal }) => terminal === asked)) return kept;
  return [...kept, { key: asked, terminal: asked }];
}

function nameOf(space: string): string {
  return `knot.terminals.${space}`;
}
