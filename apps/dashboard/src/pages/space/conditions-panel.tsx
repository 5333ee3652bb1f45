import { Text } from '@mantine/core';
import type { Condition, SpaceDetail } from '../../api/schemas.js';
import { Moment } from '../../components/moment.js';
import { Panel } from '../../components/panel.js';
import { StatusBadge } from '../../components/status-badge.js';
import type { Tone } from '../../components/phase-tone.js';
import { texts } from '../../texts/texts.js';
import classes from './conditions-panel.module.css';

/** What is so, why, and since when. Conditions of a silent leaf are grey: nobody knows whether they still hold. */
export function ConditionsPanel({ space, live }: { space: SpaceDetail; live: boolean }) {
  const outdated = space.conditions.length > 0 && space.observedGeneration < space.generation;
  return (
    <Panel title={texts.space.conditionsTitle} aside={outdated && <Text c="dimmed">{texts.space.outdated}</Text>}>
      {space.conditions.length === 0 ? (
        <Text c="dimmed">{texts.space.noConditions}</Text>
      ) : (
        <ul className={classes.list}>
          {space.conditions.map((condition) => (
            <li key={condition.type} className={classes.condition} data-condition={condition.type}>
              <div className={classes.head}>
                <StatusBadge
                  tone={toneOf(condition, live && !outdated)}
                  word={texts.conditions[condition.type][condition.status]}
                />
                <span className={classes.since}>
                  <Moment at={condition.since} />
                </span>
              </div>
              <Text>
                <span lang="en">{condition.message}</span>{' '}
                <span className={classes.reason} title={condition.reason}>
                  {texts.reasons[condition.reason]}
                </span>
              </Text>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

function toneOf({ type, status }: Condition, known: boolean): Tone {
  if (!known || status === 'Unknown') return 'unknown';
  // the one condition whose truth is bad news
  if (type === 'Stalled') return status === 'True' ? 'bad' : 'rest';
  return status === 'True' ? 'good' : 'rest';
}
