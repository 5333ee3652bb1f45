import { useLive } from '../live/live-context.js';
import { texts } from '../texts/texts.js';
import classes from './live-sign.module.css';

/** Whether what is seen is live. */
export function LiveSign() {
  const { state } = useLive();
  return (
    <span className={classes.sign} data-state={state}>
      <span className={classes.dot} aria-hidden />
      {texts.live.states[state]}
    </span>
  );
}
