import type { Completion, CompletionContext, CompletionResult, CompletionSource } from '@codemirror/autocomplete';

/** What can stand inside of `${{ }}`. */
export interface Completions {
  /** Paths of the data, `.space.name`, each with what it is. */
  readonly paths: readonly { readonly name: string; readonly what: string }[];
  readonly functions: readonly string[];
}

/** Paths and functions, inside of an action only. */
export function completionSource(completions: () => Completions | undefined): CompletionSource {
  return (context: CompletionContext): CompletionResult | null => {
    const known = completions();
    const line = context.state.doc.lineAt(context.pos);
    if (!known || !isInAction(line.text.slice(0, context.pos - line.from))) return null;
    const word = context.matchBefore(/[.\w]*$/);
    if (!word || (word.from === word.to && !context.explicit)) return null;
    return { from: word.from, options: optionsOf(known), validFor: /^[.\w]*$/ };
  };
}

function optionsOf({ paths, functions }: Completions): Completion[] {
  return [
    ...paths.map(({ name, what }) => ({ label: name, detail: what, boost: 1 })),
    ...functions.map((label) => ({ label })),
  ];
}

/** Whether a line that goes so far is inside of an action. */
export function isInAction(before: string): boolean {
  return before.lastIndexOf('${{') > before.lastIndexOf('}}');
}
