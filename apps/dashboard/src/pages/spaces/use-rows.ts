import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { useLayoutEffect, useRef, useState } from 'react';

/** px of a row of one line. */
const ROW = 57;
/** Rows drawn above and below what is seen. */
const BEYOND = 12;

/**
 * Which rows of a long table are near the window: only they are drawn. `above` and `below` are the heights of what is
 * left out. Rows are measured, so that they may be of different heights.
 */
export function useRows(count: number) {
  const isEmpty = count === 0;
  const body = useRef<HTMLTableSectionElement>(null);
  const [top, setTop] = useState(0);
  useLayoutEffect(() => {
    if (body.current) setTop(body.current.getBoundingClientRect().top + window.scrollY);
  }, [isEmpty]);
  const rows = useWindowVirtualizer({
    count,
    estimateSize: () => ROW,
    overscan: BEYOND,
    scrollMargin: top,
    useFlushSync: false,
  });
  const items = rows.getVirtualItems();
  const first = items[0];
  const last = items.at(-1);
  return {
    body,
    items,
    measure: rows.measureElement,
    above: first ? first.start - top : 0,
    below: last ? rows.getTotalSize() - (last.end - top) : 0,
    last: last?.index ?? 0,
  };
}
