import { useEffect } from 'react';
import { texts } from '../texts/texts.js';

/** Names the window after the page. */
export function useTitle(page: string): void {
  useEffect(() => {
    document.title = texts.common.title(page);
  }, [page]);
}
