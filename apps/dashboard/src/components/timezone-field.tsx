import { TextInput, type TextInputProps } from '@mantine/core';
import { useId } from 'react';

interface TimezoneFieldProps {
  readonly label: string;
  readonly description: string;
  readonly field: TextInputProps;
}

/** A text field that offers what the browser knows of time zones. */
export function TimezoneField({ label, description, field }: TimezoneFieldProps) {
  const list = useId();
  return (
    <>
      <TextInput label={label} description={description} list={list} autoComplete="off" spellCheck={false} {...field} />
      <datalist id={list}>
        {Intl.supportedValuesOf('timeZone').map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
    </>
  );
}
