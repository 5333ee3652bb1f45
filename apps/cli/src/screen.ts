export interface ScreenSize {
  readonly cols: number;
  readonly rows: number;
}

/** The terminal that a person sits at, where there is one. */
export interface Screen {
  /** Whether a person reads what is said beside the data. */
  readonly isRead: boolean;
  size(): ScreenSize & { readonly term: string };
  /** Hands each key on as it is, until the function that it gives is called. */
  enter(onResize: (size: ScreenSize) => void): () => void;
}

export function systemScreen(): Screen {
  const sizeNow = (): ScreenSize => ({ cols: process.stdout.columns || 80, rows: process.stdout.rows || 24 });
  return {
    isRead: process.stderr.isTTY,
    size: () => ({ ...sizeNow(), term: process.env['TERM'] ?? 'xterm' }),
    enter: (onResize) => {
      const resized = () => onResize(sizeNow());
      process.stdout.on('resize', resized);
      if (process.stdin.isTTY) process.stdin.setRawMode(true);
      return () => {
        process.stdout.off('resize', resized);
        if (process.stdin.isTTY) process.stdin.setRawMode(false);
      };
    },
  };
}
