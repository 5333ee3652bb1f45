import { TextInput } from '@mantine/core';

interface CountFieldProps {
  readonly label: string;
  readonly description?: string;
  readonly value: number;
  readonly onChange: (value: number) => void;
  readonly most: number;
}

/** A whole number from 0. */
export function CountField({ label, description, value, onChange, most }: CountFieldProps) {
  return (
    <TextInput
      type="number"
      inputMode="numeric"
      label={label}
      description={description}
      min={0}
      max={most}
      step={1}
      required
      withAsterisk={false}
      value={value}
      onChange={(event) => onChange(Math.max(0, Math.trunc(event.currentTarget.valueAsNumber || 0)))}
    />
  );
}
