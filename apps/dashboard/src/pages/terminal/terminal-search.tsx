import { ActionIcon, Text, TextInput } from '@mantine/core';
import { IconChevronDown, IconChevronUp, IconSearch } from '@tabler/icons-react';
import { useState, type KeyboardEvent, type RefObject } from 'react';
import { texts } from '../../texts/texts.js';
import type { Find, Found } from './search-screen.js';
import classes from './terminal-page.module.css';

interface TerminalSearchProps {
  readonly field: RefObject<HTMLInputElement | null>;
  /** Null before anything was searched. */
  readonly found: Found | null;
  readonly onFind: Find;
  readonly onLeave: () => void;
}

/** Searches what the terminal has shown, from its end upwards. */
export function TerminalSearch({ field, found, onFind, onLeave }: TerminalSearchProps) {
  const [words, setWords] = useState('');
  const change = (now: string) => {
    setWords(now);
    onFind(now, 'up');
  };
  const press = (event: KeyboardEvent) => {
    if (event.key === 'Escape') {
      change('');
      onLeave();
    } else if (event.key === 'Enter') {
      event.preventDefault();
      onFind(words, event.shiftKey ? 'down' : 'up');
    }
  };
  return (
    <search className={classes.search} aria-label={texts.terminal.search}>
      <Text size="xs" c="dimmed" aria-live="polite">
        {words !== '' && found && texts.terminal.found(found.nth, found.count)}
      </Text>
      <TextInput
        ref={field}
        size="xs"
        aria-label={texts.terminal.search}
        title={texts.terminal.searchKeys}
        placeholder={texts.terminal.search}
        leftSection={<IconSearch size={14} aria-hidden />}
        autoComplete="off"
        spellCheck={false}
        value={words}
        onChange={(event) => change(event.currentTarget.value)}
        onKeyDown={press}
      />
      <ActionIcon
        variant="default"
        aria-label={texts.terminal.above}
        disabled={words === ''}
        onClick={() => onFind(words, 'up')}
      >
        <IconChevronUp size={16} aria-hidden />
      </ActionIcon>
      <ActionIcon
        variant="default"
        aria-label={texts.terminal.below}
        disabled={words === ''}
        onClick={() => onFind(words, 'down')}
      >
        <IconChevronDown size={16} aria-hidden />
      </ActionIcon>
    </search>
  );
}
