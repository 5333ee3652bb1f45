import { Badge, Button, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { problemNotice } from '../../components/problem-notice.js';
import { Moment } from '../../components/moment.js';
import { Panel } from '../../components/panel.js';
import { QueryView } from '../../components/query-view.js';
import { endSession } from '../../deeds/identity-deeds.js';
import { sessionsQuery } from '../../queries/identity-queries.js';
import { keys } from '../../queries/keys.js';
import { texts } from '../../texts/texts.js';
import classes from '../location/location-lists.module.css';

export function SessionsPanel() {
  const query = useQuery(sessionsQuery());
  const client = useQueryClient();
  const ending = useMutation({
    mutationFn: endSession,
    onSuccess: () => client.invalidateQueries({ queryKey: keys.sessions }),
    onError: (error) => notifications.show(problemNotice(error)),
  });
  return (
    <Panel title={texts.profile.sessionsTitle}>
      <QueryView query={query}>
        {(sessions) => (
          <ul className={classes.list}>
            {sessions.map((session) => (
              <li key={session.id} className={classes.item}>
                <div className={classes.head}>
                  <code>{session.address}</code>
                  {session.current ? (
                    <Badge variant="light" tt="none">
                      {texts.profile.current}
                    </Badge>
                  ) : (
                    <span className={classes.buttons}>
                      <Button
                        size="compact-sm"
                        variant="default"
                        aria-label={texts.profile.endSessionOf(session.address)}
                        loading={ending.isPending && ending.variables === session.id}
                        onClick={() => ending.mutate(session.id)}
                      >
                        {texts.profile.endSession}
                      </Button>
                    </span>
                  )}
                </div>
                <Text c="dimmed">{session.userAgent}</Text>
                <Text c="dimmed">
                  <Moment at={session.createdAt} />
                </Text>
              </li>
            ))}
          </ul>
        )}
      </QueryView>
    </Panel>
  );
}
