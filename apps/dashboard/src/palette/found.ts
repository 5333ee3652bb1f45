/** Something to go to. */
export interface Goal {
  readonly to: string;
  readonly label: string;
  /** What kind of thing it is. */
  readonly kind: string;
}

/** How many are shown. */
const MOST = 12;

/** Those whose words all stand in the label or the kind, beginnings of the label first. */
export function foundGoals(goals: readonly Goal[], text: string): readonly Goal[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const place = ({ label }: Goal) => (words[0] !== undefined && label.toLowerCase().startsWith(words[0]) ? 0 : 1);
  return goals
    .filter(({ label, kind }) => words.every((word) => `${label} ${kind}`.toLowerCase().includes(word)))
    .sort((a, b) => place(a) - place(b))
    .slice(0, MOST);
}
