import { IconSearch } from '@tabler/icons-react';
import { Suspense, lazy, useEffect, useState } from 'react';
import { texts } from '../texts/texts.js';
import classes from './palette.module.css';

const Palette = lazy(async () => ({ default: (await import('./palette.js')).Palette }));

/** Opens the palette, as Ctrl+K does from everywhere. */
export function PaletteButton() {
  const [opened, setOpened] = useState(false);
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey)
        return;
      event.preventDefault();
      setOpened(true);
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, []);
  return (
    <>
      <button type="button" className={classes.open} onClick={() => setOpened(true)}>
        <IconSearch size={16} aria-hidden />
        <span>{texts.palette.short}</span>
        <kbd>{texts.palette.keys}</kbd>
      </button>
      {opened && (
        <Suspense>
          <Palette onClose={() => setOpened(false)} />
        </Suspense>
      )}
    </>
  );
}
