import { Text } from '@mantine/core';
import type { TextWarning } from '../../api/schemas.js';
import { texts } from '../../texts/texts.js';
import classes from './text-problems.module.css';

/** What a location says of texts that can be saved all the same; places are those of the rendered text. */
export function TextWarnings({ warnings }: { warnings: readonly TextWarning[] }) {
  return (
    <ul className={`${classes.problems} ${classes.warnings}`} aria-label={texts.textCheck.warnings}>
      {warnings.map(({ message, hint, line, column }) => (
        <li key={`${line}:${column}:${message}`}>
          <Text>
            {line > 0 && <strong>{texts.textCheck.rendered(line, column)} </strong>}
            {message}
          </Text>
          {hint !== '' && <Text c="dimmed">{hint}</Text>}
        </li>
      ))}
    </ul>
  );
}
