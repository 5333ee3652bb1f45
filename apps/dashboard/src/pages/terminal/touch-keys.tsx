import { Button } from '@mantine/core';
import type { MouseEvent } from 'react';
import { texts } from '../../texts/texts.js';
import classes from './terminal-page.module.css';

/** What each sends; an arrow's letter where programs may want it otherwise. */
const KEYS = [
  { name: 'Esc', sends: '\x1b' },
  { name: 'Tab', sends: '\t' },
  { name: 'Ctrl C', sends: '\x03' },
  { name: 'Ctrl D', sends: '\x04' },
  { name: '↑', arrow: 'A' },
  { name: '↓', arrow: 'B' },
  { name: '←', arrow: 'D' },
  { name: '→', arrow: 'C' },
] as const;

export type TouchKey = (typeof KEYS)[number];

/** Keys that the keyboard of a phone lacks; there alone they are drawn. */
export function TouchKeys({ onPress }: { readonly onPress: (key: TouchKey) => void }) {
  // the phone's keyboard stays, as the focus does
  const keepFocus = (event: MouseEvent) => event.preventDefault();
  return (
    <div className={classes.keys} role="group" aria-label={texts.terminal.keys}>
      {KEYS.map((key) => (
        <Button
          key={key.name}
          size="xs"
          px="sm"
          variant="default"
          aria-label={'arrow' in key ? texts.terminal.arrows[key.arrow] : undefined}
          onPointerDown={keepFocus}
          onMouseDown={keepFocus}
          onClick={() => onPress(key)}
        >
          {key.name}
        </Button>
      ))}
    </div>
  );
}
