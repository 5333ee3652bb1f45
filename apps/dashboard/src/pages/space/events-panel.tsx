import { Text } from '@mantine/core';
import type { TimelineEvent } from '../../api/schemas.js';
import { Moment } from '../../components/moment.js';
import { Panel } from '../../components/panel.js';
import { texts } from '../../texts/texts.js';
import classes from './events-panel.module.css';

/** knot's and the platform's own events, the latest first. */
export function EventsPanel({ events }: { events: readonly TimelineEvent[] }) {
  return (
    <Panel title={texts.space.eventsTitle}>
      {events.length === 0 ? (
        <Text c="dimmed">{texts.space.noEvents}</Text>
      ) : (
        <ol className={classes.events}>
          {events.toReversed().map((event) => (
            <li key={event.id} className={classes.event}>
              <span className={classes.time}>
                <Moment at={event.at} />
              </span>
              <span className={classes.source}>{event.source}</span>
              <span className={classes.words}>
                <strong>{event.reason}</strong> {event.message}
              </span>
            </li>
          ))}
        </ol>
      )}
    </Panel>
  );
}
