interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

interface PageAsked {
  readonly limit: number;
  readonly cursor?: string;
}

/** No list that is read whole is longer; beyond it the list is cut. */
const MOST_PAGES = 25;

export async function allPages<T>(read: (page: PageAsked) => Promise<Page<T>>): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | null = null;
  for (let count = 0; count < MOST_PAGES; count += 1) {
    const page: Page<T> = await read({ limit: 200, ...(cursor === null ? {} : { cursor }) });
    items.push(...page.items);
    if (page.next === null) break;
    cursor = page.next;
  }
  return items;
}
