import { Button, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { HealthDetails } from '../../api/schemas.js';
import { useMe } from '../../app/use-me.js';
import { ConfirmModal } from '../../components/confirm-modal.js';
import { Panel } from '../../components/panel.js';
import { StatusBadge } from '../../components/status-badge.js';
import { acceptRestore } from '../../deeds/health-deeds.js';
import { keys } from '../../queries/keys.js';
import { texts } from '../../texts/texts.js';
import classes from '../location/location-lists.module.css';

/** What the server itself says is not as it should be. */
export function FindingsPanel({ health: { findings } }: { health: HealthDetails }) {
  const { may } = useMe();
  const restored = findings.some(({ message }) => message.includes('/restore/accept'));
  return (
    <Panel title={texts.health.findingsTitle}>
      {findings.length === 0 ? (
        <Stack gap={4} align="flex-start">
          <StatusBadge tone="good" word={texts.health.okTitle} />
          <Text c="dimmed">{texts.health.okHint}</Text>
        </Stack>
      ) : (
        <ul className={classes.list}>
          {findings.map(({ message, level }) => (
            <li key={message} className={classes.item} data-finding={level}>
              <div>
                <StatusBadge tone={level === 'error' ? 'bad' : 'falling'} word={texts.health.levels[level]} />
              </div>
              <Text>{message}</Text>
            </li>
          ))}
        </ul>
      )}
      {restored && may('restore.accept') && <AcceptRestore />}
    </Panel>
  );
}

function AcceptRestore() {
  const [asking, setAsking] = useState(false);
  const client = useQueryClient();
  const acceptance = useMutation({
    mutationFn: acceptRestore,
    onSuccess: () => {
      notifications.show({ message: texts.health.accepted });
      setAsking(false);
      return client.invalidateQueries({ queryKey: keys.health });
    },
  });
  return (
    <>
      <Button mt="md" variant="default" onClick={() => setAsking(true)}>
        {texts.health.accept} …
      </Button>
      {asking && (
        <ConfirmModal
          title={texts.health.acceptTitle}
          what={texts.health.acceptWhat}
          deed={texts.health.accept}
          busy={acceptance.isPending}
          error={acceptance.error}
          onConfirm={() => acceptance.mutate()}
          onClose={() => setAsking(false)}
        />
      )}
    </>
  );
}
