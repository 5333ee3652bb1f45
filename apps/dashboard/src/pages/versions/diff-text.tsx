import { VisuallyHidden } from '@mantine/core';
import { texts } from '../../texts/texts.js';
import { parseDiff } from './parse-diff.js';
import classes from './diff-text.module.css';

/** A unified diff of one text; which lines came and went is said in words too, for those who do not see colours. */
export function DiffText({ diff, label }: { diff: string; label: string }) {
  return (
    <pre className={classes.text} aria-label={label} role="region" tabIndex={0}>
      <span className={classes.lines}>
        {parseDiff(diff).map(({ kind, text }, at) => (
          <span key={at} className={classes.line} data-kind={kind}>
            {kind === 'added' && <VisuallyHidden>{texts.versions.added} </VisuallyHidden>}
            {kind === 'removed' && <VisuallyHidden>{texts.versions.removed} </VisuallyHidden>}
            {text}
            {'\n'}
          </span>
        ))}
      </span>
    </pre>
  );
}
