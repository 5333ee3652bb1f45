import { Button, Group, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import type { User, UserDeletion } from '../../api/schemas.js';
import { useMe } from '../../app/use-me.js';
import { ConfirmModal } from '../../components/confirm-modal.js';
import { Panel } from '../../components/panel.js';
import { QueryView } from '../../components/query-view.js';
import { deleteUser } from '../../deeds/user-deeds.js';
import { keys } from '../../queries/keys.js';
import { userDeletionQuery } from '../../queries/user-queries.js';
import { shortTime } from '../../texts/format-time.js';
import { texts } from '../../texts/texts.js';
import classes from './delete-user-panel.module.css';

/** The end of a user, with all that goes with them. */
export function DeleteUserPanel({ user }: { user: User }) {
  const { may } = useMe();
  const [asking, setAsking] = useState(false);
  const { id, username, spaces, deletionRequestedAt } = user;
  if (deletionRequestedAt > 0) {
    return (
      <Panel title={texts.users.deletingTitle(username)} danger>
        <Text>{texts.users.deletingWhat(spaces, shortTime(deletionRequestedAt))}</Text>
      </Panel>
    );
  }
  // with whose spaces one may do anything
  const blocked = spaces > 0 && !may('space.delete', { ownerId: id });
  return (
    <Panel title={texts.common.dangerTitle} danger>
      <Group justify="space-between" gap="sm">
        <Text>{blocked ? texts.users.deleteBlocked(username, spaces) : texts.users.deleteWhat(username)}</Text>
        <Button color="red" variant="light" disabled={blocked} onClick={() => setAsking(true)}>
          {texts.users.delete} …
        </Button>
      </Group>
      {asking && <DeleteUserModal user={user} onClose={() => setAsking(false)} />}
    </Panel>
  );
}

function DeleteUserModal({ user: { id, username, active }, onClose }: { user: User; onClose: () => void }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const preview = useQuery(userDeletionQuery(id));
  const deletion = useMutation({
    mutationFn: (withSpaces: boolean) => deleteUser(id, username, withSpaces),
    onSuccess: async (_done, withSpaces) => {
      notifications.show({ message: withSpaces ? texts.users.deleting(username) : texts.users.deleted(username) });
      onClose();
      if (!withSpaces) await navigate('/users');
      void client.invalidateQueries({ queryKey: keys.users });
    },
  });
  return (
    <ConfirmModal
      title={texts.users.deleteTitle(username)}
      what={
        <Stack gap="sm">
          <Text>{texts.users.deleteWhat(username)}</Text>
          <QueryView query={preview}>{(deleted) => <Goes deletion={deleted} />}</QueryView>
          {active && <Text c="dimmed">{texts.users.deleteInstead}</Text>}
        </Stack>
      }
      deed={texts.users.delete}
      name={username}
      busy={deletion.isPending || preview.isPending}
      error={deletion.error}
      onConfirm={() => preview.data && deletion.mutate(preview.data.spaces.length > 0)}
      onClose={onClose}
    />
  );
}

function Goes({ deletion: { spaces, tokens, sessions, groups } }: { deletion: UserDeletion }) {
  const rows = [
    ...spaces.map(({ name, location, volumes }) => texts.users.goesSpace(name, location, volumes.join(', '))),
    ...(tokens.length > 0 ? [texts.users.goesTokens(tokens.length)] : []),
    ...(sessions > 0 ? [texts.users.goesSessions(sessions)] : []),
    ...(groups.length > 0 ? [texts.users.goesGroups(groups.join(', '))] : []),
  ];
  if (rows.length === 0) return <Text>{texts.users.goesNothing}</Text>;
  return (
    <div>
      <Text c="dimmed">{texts.users.goes}</Text>
      <ul className={classes.goes} aria-label={texts.users.goes}>
        {rows.map((row) => (
          <li key={row}>{row}</li>
        ))}
      </ul>
    </div>
  );
}
