import { Code, Text } from '@mantine/core';
import { IconLock } from '@tabler/icons-react';
import type { Variable } from '../../api/schemas.js';
import { texts } from '../../texts/texts.js';
import classes from './variable-value.module.css';

/** The beginning of a value; of a protected one that there is one. */
export function VariableValue({ variable: { value } }: { variable: Variable }) {
  if (value === null) {
    return (
      <Text c="dimmed" component="span" className={classes.hidden}>
        <IconLock size={14} aria-hidden /> {texts.variables.protected}, {texts.variables.hidden}
      </Text>
    );
  }
  const [line = ''] = value.split('\n');
  return (
    <Code className={classes.value} title={value.slice(0, 1_000)}>
      {line}
      {line !== value && ' …'}
    </Code>
  );
}
