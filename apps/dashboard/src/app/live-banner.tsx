import { Button } from '@mantine/core';
import { IconPlugConnectedX } from '@tabler/icons-react';
import { useLive } from '../live/live-context.js';
import { clockTime } from '../texts/format-time.js';
import { texts } from '../texts/texts.js';
import classes from './live-banner.module.css';

/** Over every page while the event stream is cut: what is seen is not what is. */
export function LiveBanner() {
  const { state, lastHeard, retry } = useLive();
  return (
    <div role="status" aria-live="polite">
      {state === 'cut' && (
        <div className={classes.banner}>
          <IconPlugConnectedX size={18} aria-hidden />
          <span>
            {lastHeard === 0 ? texts.live.neverBanner : texts.live.cutBanner(clockTime(lastHeard))}{' '}
            {texts.live.reconnecting}
          </span>
          <Button size="compact-xs" variant="white" color="dark" onClick={retry}>
            {texts.live.now}
          </Button>
        </div>
      )}
    </div>
  );
}
