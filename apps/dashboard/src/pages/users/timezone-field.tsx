import { TextInput } from '@mantine/core';
import { useId } from 'react';
import { texts } from '../../texts/texts.js';

/** A text field that offers what the browser knows of time zones. */
export function TimezoneField({ field }: { field: object }) {
  const list = useId();
  return (
    <>
      <TextInput
        label={texts.users.timezone}
        description={texts.users.timezoneHelp}
        list={list}
        autoComplete="off"
        spellCheck={false}
        {...field}
      />
      <datalist id={list}>
        {Intl.supportedValuesOf('timeZone').map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
    </>
  );
}
