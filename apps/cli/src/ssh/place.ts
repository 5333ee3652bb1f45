/** A path here, or in a space. */
export interface Place {
  /** Null: here. */
  readonly space: string | null;
  readonly path: string;
}

/** `hello:notes.md`, `ada/hello:notes.md`, `:`-less or dotted paths are here. An empty path is the home folder. */
export function parsePlace(text: string): Place {
  const colon = text.indexOf(':');
  const isHere = colon < 1 || /^(\/|\.{1,2}\/|[A-Za-z]:[\\/])/.test(text);
  if (isHere) return { space: null, path: text };
  return { space: text.slice(0, colon), path: text.slice(colon + 1) || '.' };
}
