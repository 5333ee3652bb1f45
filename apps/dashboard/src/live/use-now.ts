import { useEffect, useState } from 'react';
import { serverClock } from '../api/client.js';

/** The server's time, anew every second while `ticking`. */
export function useNow(ticking: boolean): number {
  const [now, setNow] = useState(() => serverClock.read());
  useEffect(() => {
    if (!ticking) return undefined;
    const timer = setInterval(() => setNow(serverClock.read()), 1_000);
    return () => clearInterval(timer);
  }, [ticking]);
  return now;
}
