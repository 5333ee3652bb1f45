import { Text } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { texts } from '../../texts/texts.js';
import { openScreen, type ScreenHandle } from './open-screen.js';
import type { Found } from './search-screen.js';
import { TerminalSearch } from './terminal-search.js';
import type { WireState } from './terminal-wire.js';
import { TouchKeys } from './touch-keys.js';
import classes from './terminal-page.module.css';

interface TerminalScreenProps {
  readonly space: string;
  /** The agent's id of it; '' for a new one. */
  readonly terminal: string;
  readonly shown: boolean;
  readonly onOpened: (terminal: string) => void;
  readonly onEnded: () => void;
  /** How its shell is ended, for the button that does. */
  readonly onReady: (end: () => void) => void;
}

interface Shown {
  readonly state: WireState;
  readonly message: string;
}

/** Of a connection that is there, which way it goes. */
function wordsOf({ state, message }: Shown): string {
  return message === '' && state !== 'connected' ? texts.terminal.states[state] : message;
}

/** One terminal: a screen and the wire behind it. */
export function TerminalScreen({ space, terminal, shown, onOpened, onEnded, onReady }: TerminalScreenProps) {
  const place = useRef<HTMLDivElement>(null);
  const searchField = useRef<HTMLInputElement>(null);
  const screen = useRef<ScreenHandle>(null);
  const [state, setState] = useState<Shown>();
  const [found, setFound] = useState<Found | null>(null);
  const handlers = useRef({ onOpened, onEnded, onReady });
  handlers.current = { onOpened, onEnded, onReady };
  const first = useRef(terminal);
  useEffect(() => {
    if (!place.current) return undefined;
    const opened = openScreen(place.current, space, first.current, {
      onOpened: (id) => {
        first.current = id;
        handlers.current.onOpened(id);
      },
      onEnded: () => handlers.current.onEnded(),
      onState: (now, message) => setState({ state: now, message }),
      onFound: setFound,
      onSearch: () => searchField.current?.focus(),
    });
    screen.current = opened;
    handlers.current.onReady(() => opened.end());
    return () => opened.close();
  }, [space]);
  // by the keyboard it stays where one goes from terminal to terminal
  useEffect(() => {
    if (shown && !document.activeElement?.matches(':focus-visible')) screen.current?.focus();
  }, [shown]);
  const words = state && wordsOf(state);
  return (
    <div className={classes.window} hidden={!shown} data-terminal-state={state?.state}>
      <div ref={place} className={classes.screen} />
      <TouchKeys onPress={(key) => screen.current?.press(key)} />
      <div className={classes.foot}>
        <Text {...loudness(state?.state)} role="status" aria-live="polite">
          {words}
        </Text>
        <TerminalSearch
          field={searchField}
          found={found}
          onFind={(what, way) => screen.current?.find(what, way)}
          onLeave={() => screen.current?.focus()}
        />
      </div>
    </div>
  );
}

/** Why nothing can be typed is more than that something can. */
function loudness(state: WireState | undefined) {
  return state === 'away' || state === 'ended' ? { size: 'sm', fw: 600 } : { size: 'xs', c: 'dimmed' };
}
