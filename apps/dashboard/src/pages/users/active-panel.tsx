import { Button, Group, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { User } from '../../api/schemas.js';
import { ConfirmModal } from '../../components/confirm-modal.js';
import { Panel } from '../../components/panel.js';
import { ProblemView } from '../../components/problem-view.js';
import { changeUser } from '../../deeds/user-deeds.js';
import { keys } from '../../queries/keys.js';
import { texts } from '../../texts/texts.js';

/** Locks a user out, or lets them in again. */
export function ActivePanel({ user, onDone }: { user: User; onDone: (user: User) => void }) {
  const [asking, setAsking] = useState(false);
  const client = useQueryClient();
  const { username, active, running } = user;
  const changing = useMutation({
    mutationFn: () => changeUser(user, { active: !active }),
    onSuccess: (saved) => {
      notifications.show({
        message: saved.active ? texts.users.activated(username) : texts.users.deactivated(username),
      });
      client.setQueryData(keys.user(saved.id), saved);
      void client.invalidateQueries({ queryKey: keys.users });
      onDone(saved);
      setAsking(false);
    },
  });
  if (!active) {
    return (
      <Panel title={texts.users.inactive}>
        <Group justify="space-between" gap="sm">
          <Text>{texts.users.activateWhat(username)}</Text>
          <Button variant="default" loading={changing.isPending} onClick={() => changing.mutate()}>
            {texts.users.activate}
          </Button>
        </Group>
        {changing.error && <ProblemView error={changing.error} />}
      </Panel>
    );
  }
  return (
    <Panel title={texts.users.deactivate}>
      <Group justify="space-between" gap="sm">
        <Text>{texts.users.deactivateWhat(username, running)}</Text>
        <Button variant="default" onClick={() => setAsking(true)}>
          {texts.users.deactivate} …
        </Button>
      </Group>
      {asking && (
        <ConfirmModal
          title={texts.users.deactivateTitle(username)}
          what={texts.users.deactivateWhat(username, running)}
          deed={texts.users.deactivate}
          name={username}
          busy={changing.isPending}
          error={changing.error}
          onConfirm={() => changing.mutate()}
          onClose={() => setAsking(false)}
        />
      )}
    </Panel>
  );
}
