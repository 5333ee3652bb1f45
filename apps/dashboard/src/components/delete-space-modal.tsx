import { Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Space } from '../api/schemas.js';
import { deleteSpace } from '../deeds/space-deeds.js';
import type { Sight } from '../live/sight.js';
import { keys } from '../queries/keys.js';
import { spaceQuery } from '../queries/space-queries.js';
import { texts } from '../texts/texts.js';
import { ConfirmModal } from './confirm-modal.js';

interface DeleteSpaceModalProps {
  readonly space: Space;
  readonly sight: Sight;
  readonly onClose: () => void;
}

export function DeleteSpaceModal({ space, sight, onClose }: DeleteSpaceModalProps) {
  const client = useQueryClient();
  const { data: detail } = useQuery(spaceQuery(space.id));
  const deletion = useMutation({
    mutationFn: () => deleteSpace(space.id, space.name),
    onSuccess: () => {
      notifications.show({ message: texts.space.accepted.delete(space.name) });
      void client.invalidateQueries({ queryKey: keys.space(space.id) });
      onClose();
    },
  });
  const volumes = (detail?.volumes ?? []).map(({ name }) => name).join(', ');
  return (
    <ConfirmModal
      title={texts.space.deleteTitle(space.name)}
      what={
        <Stack gap={6}>
          <Text>{texts.space.deleteWhat}</Text>
          {volumes !== '' && <Text>{texts.space.deleteVolumes(volumes)}</Text>}
          {!sight.live && <Text>{texts.space.deleteSilent}</Text>}
        </Stack>
      }
      deed={texts.space.delete}
      name={space.name}
      busy={deletion.isPending}
      error={deletion.error}
      onConfirm={() => deletion.mutate()}
      onClose={onClose}
    />
  );
}
