import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import { keys } from '../queries/keys.js';
import { applyChange } from './apply-change.js';
import { EventStream, type StreamState } from './event-stream.js';
import { LiveContext } from './live-context.js';
import { onReturn } from './on-return.js';
import { RefreshSoon } from './refresh-soon.js';

/** A reconnect that takes less is not worth turning the page grey. */
const GRACE = 1_500;

/** Opens the one event stream and keeps what was read up to date by it. */
export function LiveProvider({ children }: { children: ReactNode }) {
  const client = useQueryClient();
  const [state, setState] = useState<StreamState>('connecting');
  const [cutAt, setCutAt] = useState(0);
  const lastWord = useRef(0);
  const stream = useRef<EventStream | null>(null);

  useEffect(() => {
    const refresher = new RefreshSoon(client);
    let grace: ReturnType<typeof setTimeout> | undefined;
    let now: StreamState = 'connecting';
    const show = (next: StreamState) => {
      now = next;
      clearTimeout(grace);
      if (next !== 'cut') return setState(next);
      grace = setTimeout(() => {
        setCutAt(lastWord.current);
        setState('cut');
      }, GRACE);
    };
    stream.current = new EventStream({
      onChange: (change) => applyChange(client, refresher, change),
      onRefresh: (kind) => {
        // with other rights one sees other things
        const stale = kind === 'me' ? [keys.me, keys.spaces, keys.templates, keys.accesses] : [keys.spaces];
        stale.forEach((key) => refresher.ask(key));
      },
      onRelist: () => void client.invalidateQueries(),
      onState: (next) => (next === now ? undefined : show(next)),
      onWord: () => (lastWord.current = Date.now()),
      onRefused: () => refresher.ask(keys.me),
    });
    stream.current.start();
    const forget = onReturn(() => stream.current?.hurry());
    return () => {
      forget();
      clearTimeout(grace);
      refresher.stop();
      stream.current?.stop();
    };
  }, [client]);

  const live = useMemo(
    () => ({ state, connected: state !== 'cut', lastHeard: cutAt, retry: () => stream.current?.retry() }),
    [state, cutAt],
  );
  return <LiveContext value={live}>{children}</LiveContext>;
}
