import { TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useEffect, useEffectEvent, useState } from 'react';
import { useNavigation } from 'react-router';
import classes from './filters.module.css';

/** ms after the last key until the list follows the text. */
const TYPING = 250;

interface SearchFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (text: string) => void;
}

export function SearchField({ label, value, onChange }: SearchFieldProps) {
  const [typed, setTyped] = useState(value);
  const [shown, setShown] = useState(value);
  if (value !== shown) {
    // changed from outside: by the address or by clearing
    setShown(value);
    setTyped(value);
  }
  const { state } = useNavigation();
  const tell = useEffectEvent(() => {
    // who is on the way to another page is not called back by what they typed before
    if (typed !== value && state === 'idle') onChange(typed);
  });
  useEffect(() => {
    const timer = setTimeout(tell, TYPING);
    return () => clearTimeout(timer);
  }, [typed]);
  return (
    <TextInput
      type="search"
      className={classes.search}
      aria-label={label}
      placeholder={label}
      leftSection={<IconSearch size={16} aria-hidden />}
      value={typed}
      onChange={(event) => setTyped(event.currentTarget.value)}
    />
  );
}
