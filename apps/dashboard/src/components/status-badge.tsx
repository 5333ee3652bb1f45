import type { Ref } from 'react';
import type { Tone } from './phase-tone.js';
import classes from './status-badge.module.css';

interface StatusBadgeProps {
  readonly tone: Tone;
  readonly word: string;
  /** Smaller, after the word. */
  readonly note?: string;
  readonly ref?: Ref<HTMLSpanElement>;
}

/** Colour and word together: never one without the other. */
export function StatusBadge({ tone, word, note = '', ref, ...rest }: StatusBadgeProps) {
  return (
    <span className={classes.badge} data-tone={tone} ref={ref} {...rest}>
      <span className={classes.dot} aria-hidden />
      <span className={classes.word}>{word}</span>
      {note !== '' && <span className={classes.note}>{note}</span>}
    </span>
  );
}
