import { Anchor, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { Moment } from '../../components/moment.js';
import { Panel } from '../../components/panel.js';
import { StatusBadge } from '../../components/status-badge.js';
import { rollOutsOfQuery } from '../../queries/roll-out-queries.js';
import { texts } from '../../texts/texts.js';
import { ROLL_OUT_TONES } from './tones.js';
import lists from '../location/location-lists.module.css';

/** Those of before, and the one that is under way; nothing where there was none. */
export function LatestRollOuts({ template }: { template: string }) {
  const { data } = useQuery(rollOutsOfQuery(template));
  if (!data || data.items.length === 0) return null;
  return (
    <Panel title={texts.rollOut.latest}>
      <ul className={lists.list}>
        {data.items.map(({ id, number, state, actor, createdAt, counts, stages }) => (
          <li key={id} className={lists.head}>
            <Anchor component={Link} to={`/roll-outs/${id}`} fw={600}>
              {texts.rollOut.ofVersion(number)}
            </Anchor>
            <StatusBadge tone={ROLL_OUT_TONES[state]} word={texts.rollOut.states[state]} />
            <Text c="dimmed">
              {texts.rollOut.progress(
                counts.done,
                stages.reduce((sum, count) => sum + count, 0),
              )}
              , {actor}, <Moment at={createdAt} />
            </Text>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
