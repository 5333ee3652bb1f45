import type { Tone } from './phase-tone.js';
import classes from './status-badge.module.css';

interface StatusBadgeProps {
  readonly tone: Tone;
  readonly word: string;
  /** Smaller, after the word. */
  readonly note?: string;
  /** What a pointer that rests on it reads. */
  readonly title?: string;
}

/** Colour and word together: never one without the other. */
export function StatusBadge({ tone, word, note = '', title }: StatusBadgeProps) {
  return (
    <span className={classes.badge} data-tone={tone} title={title}>
      <span className={classes.dot} aria-hidden />
      <span className={classes.word}>{word}</span>
      {note !== '' && <span className={classes.note}>{note}</span>}
    </span>
  );
}
