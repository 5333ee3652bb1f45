/** Kinds of what people name, and which a manifest can describe. */
export const LABELLED_KINDS = ['role', 'group', 'user', 'variable', 'template', 'volume', 'space'] as const;

export type LabelledKind = (typeof LABELLED_KINDS)[number];

export const MOST_LABELS = 16;

const KEY = /^[a-z0-9]([a-z0-9./-]{0,61}[a-z0-9])?$/;
const VALUE = /^[A-Za-z0-9._-]{0,63}$/;

/** What is wrong with labels, as a sentence; null where nothing is. */
export function labelsProblem(labels: Readonly<Record<string, unknown>>): string | null {
  const entries = Object.entries(labels);
  if (entries.length > MOST_LABELS) return `One thing has at most ${MOST_LABELS} labels.`;
  for (const [key, value] of entries) {
    if (!KEY.test(key))
      return 'A label is called by 1 to 63 of a-z, 0-9, ., / and -, from letter or digit to letter or digit.';
    if (typeof value !== 'string' || !VALUE.test(value)) {
      return `The value of ${key} has at most 63 of A-Z, a-z, 0-9, ., _ and -.`;
    }
  }
  return null;
}
