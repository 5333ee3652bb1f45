import { Checkbox, Stack, Text } from '@mantine/core';
import classes from './form.module.css';

interface Choice {
  readonly value: string;
  readonly label: string;
  readonly description?: string;
  readonly disabled?: boolean;
}

interface ChoiceFieldProps {
  readonly label: string;
  readonly description?: string;
  readonly choices: readonly Choice[];
  readonly chosen: readonly string[];
  readonly onChange: (values: string[]) => void;
  /** Where there is nothing to choose from. */
  readonly none: string;
  /** Beside one another where there is room. */
  readonly many?: boolean;
}

/** Some of several, each with its own box. */
export function ChoiceField({ label, description, choices, chosen, onChange, none, many = false }: ChoiceFieldProps) {
  return (
    <Checkbox.Group label={label} description={description} value={[...chosen]} onChange={onChange}>
      <Stack gap={12} mt={6} className={many ? classes.row : undefined}>
        {choices.map((choice) => (
          <Checkbox key={choice.value} size="xs" {...choice} />
        ))}
        {choices.length === 0 && <Text c="dimmed">{none}</Text>}
      </Stack>
    </Checkbox.Group>
  );
}
