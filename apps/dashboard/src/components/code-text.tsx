import classes from './code-text.module.css';

/** A text to be read, with line numbers that are not copied along. */
export function CodeText({ text, label }: { text: string; label: string }) {
  return (
    <pre className={classes.text} aria-label={label} tabIndex={0}>
      {text
        .replace(/\n$/, '')
        .split('\n')
        .map((line, at) => (
          <span key={at} className={classes.line}>
            {line}
            {'\n'}
          </span>
        ))}
    </pre>
  );
}
