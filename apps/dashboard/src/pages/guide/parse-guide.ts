/** A piece of a page of the guide, as far as the guide uses Markdown. */
export type Block =
  | { readonly kind: 'heading'; readonly level: number; readonly text: string; readonly slug: string }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'list'; readonly ordered: boolean; readonly items: readonly string[] }
  | { readonly kind: 'table'; readonly head: readonly string[]; readonly rows: readonly (readonly string[])[] };

export type Inline =
  | { readonly kind: 'text' | 'code' | 'strong' | 'emphasis'; readonly text: string }
  | { readonly kind: 'link'; readonly text: string; readonly to: string };

export function parseGuide(source: string): readonly Block[] {
  const parts = source.split(/^```.*\n([\s\S]*?)^```$/m);
  // every second part is what stood in a fence
  return parts.flatMap((part, at) => (at % 2 === 1 ? [{ kind: 'code', text: part } as const] : blocksOf(part)));
}

function blocksOf(part: string): readonly Block[] {
  return part
    .split(/\n\s*\n|\n(?=#)|(?<=^#[^\n]*)\n/m)
    .map((text) => text.trim())
    .filter((text) => text !== '')
    .map(blockOf);
}

function blockOf(text: string): Block {
  const heading = /^(#+) (.*)$/.exec(text);
  if (heading) {
    const [, marks = '', words = ''] = heading;
    return { kind: 'heading', level: marks.length, text: words, slug: slugOf(words) };
  }
  if (text.startsWith('|')) return tableOf(text);
  const ordered = /^1\. /.test(text);
  if (ordered || /^[-*] /.test(text)) {
    const items = text.split(/\n(?=(?:[-*]|\d+\.) )/).map((item) => joined(item.replace(/^(?:[-*]|\d+\.) /, '')));
    return { kind: 'list', ordered, items };
  }
  return { kind: 'text', text: joined(text) };
}

function tableOf(text: string): Block {
  const [head = [], , ...rows] = text.split('\n').map((line) =>
    line
      .replace(/^\||\|$/g, '')
      .split('|')
      .map((cell) => cell.trim()),
  );
  return { kind: 'table', head, rows };
}

/** As links to a heading name it: `store.silent` is `storesilent`. */
function slugOf(words: string): string {
  return words
    .toLowerCase()
    .replace(/[^\w\s-]/g, '')
    .replace(/\s/g, '-');
}

function joined(text: string): string {
  return text.replace(/\s*\n\s*/g, ' ');
}

export function parseInline(text: string): readonly Inline[] {
  return text
    .split(/(`[^`]+`|\[[^\]]+\]\([^)\s]+\)|\*\*[^*]+\*\*|\*[^*\s][^*]*\*)/)
    .filter((piece) => piece !== '')
    .map((piece) => {
      const link = /^\[([^\]]+)\]\(([^)\s]+)\)$/.exec(piece);
      if (link) return { kind: 'link', text: link[1] ?? '', to: link[2] ?? '' };
      if (piece.length > 2 && /^`.*`$/.test(piece)) return { kind: 'code', text: piece.slice(1, -1) };
      if (piece.length > 4 && /^\*\*.*\*\*$/.test(piece)) return { kind: 'strong', text: piece.slice(2, -2) };
      if (piece.length > 2 && /^\*.*\*$/.test(piece)) return { kind: 'emphasis', text: piece.slice(1, -1) };
      return { kind: 'text', text: piece };
    });
}
