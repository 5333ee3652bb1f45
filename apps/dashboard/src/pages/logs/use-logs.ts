import { useEffect, useState } from 'react';
import { onReturn } from '../../live/on-return.js';
import { LogReader, NOTHING_READ, type LogsView } from './log-reader.js';
import type { LogsAsked } from './read-log-pieces.js';

/** What is said in a space, for as long as somebody looks. Asked for something else it is another one: give it a key. */
export function useLogs({ space, search, follow }: LogsAsked): LogsView & { readonly retry: () => void } {
  const [view, setView] = useState(NOTHING_READ);
  const [tries, setTries] = useState(0);
  useEffect(() => {
    const reader = new LogReader({ space, search, follow }, setView);
    reader.start();
    const forget = onReturn(() => reader.hurry());
    return () => {
      forget();
      reader.stop();
    };
  }, [space, search, follow, tries]);
  const retry = () => {
    setView(NOTHING_READ);
    setTries(tries + 1);
  };
  return { ...view, retry };
}
