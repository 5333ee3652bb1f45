import { Text, VisuallyHidden } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import type { SpaceDetail } from '../../api/schemas.js';
import { Panel } from '../../components/panel.js';
import { useNow } from '../../live/use-now.js';
import { clockTime, duration, fullTime } from '../../texts/format-time.js';
import { texts } from '../../texts/texts.js';
import { startOf, type Start, type StartStep } from './start-steps.js';
import classes from './start-timeline.module.css';

/** `live`: whether the clock of a start that is under way may run on. */
export function StartTimeline({ space, live }: { space: SpaceDetail; live: boolean }) {
  const running = live && space.want === 'running' && !space.phases.some(({ name }) => name === 'Ready');
  const now = useNow(running);
  const start = startOf(space, now);
  return (
    <Panel title={texts.space.startedTitle} aside={start && <Summary start={start} />}>
      {start ? (
        <ol className={classes.steps}>
          {start.steps.map((step) => (
            <Step key={step.name} step={step} />
          ))}
        </ol>
      ) : (
        <Text c="dimmed">{space.want === 'running' ? texts.space.notTakenUp : texts.space.neverStarted}</Text>
      )}
    </Panel>
  );
}

function Summary({ start }: { start: Start }) {
  if (start.state === 'ended') return null;
  const spent = duration(start.total);
  return (
    <Text c="dimmed" className={classes.time}>
      {start.state === 'ready' ? texts.space.total(spent) : texts.space.soFar(spent)}
    </Text>
  );
}

const STATES: Record<Exclude<StartStep['state'], 'done'>, string> = {
  now: texts.space.underWay,
  open: texts.space.pending,
  missed: texts.space.notReached,
};

function Step({ step }: { step: StartStep }) {
  const { name, what } = texts.startPhases[step.name];
  const spent = step.state === 'done' || step.state === 'now';
  return (
    <li className={classes.step} data-state={step.state}>
      <span className={classes.mark} aria-hidden>
        {step.state === 'done' && <IconCheck size={13} stroke={3} />}
      </span>
      <span className={classes.words}>
        <strong>{name}</strong>
        <span className={classes.what}>{what}</span>
      </span>
      <svg className={classes.bar} viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden>
        {spent && (
          <rect x={step.from * 100} y="0" width={Math.max(0.8, (step.to - step.from) * 100)} height="8" rx="1" />
        )}
      </svg>
      <span className={classes.took}>{spent && step.name !== 'Accepted' ? `+${duration(step.took)}` : ''}</span>
      <span className={classes.time}>
        {step.at > 0 ? (
          <time dateTime={new Date(step.at).toISOString()} title={fullTime(step.at)}>
            {clockTime(step.at)}
          </time>
        ) : (
          <span className={classes.what}>{step.state === 'done' ? '' : STATES[step.state]}</span>
        )}
      </span>
      <VisuallyHidden>{step.state === 'done' ? texts.operations.succeeded : ''}</VisuallyHidden>
    </li>
  );
}
