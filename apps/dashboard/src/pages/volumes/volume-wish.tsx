import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Volume } from '../../api/schemas.js';
import { ConfirmModal } from '../../components/confirm-modal.js';
import { problemNotice } from '../../components/problem-notice.js';
import { changeVolume } from '../../deeds/volume-deeds.js';
import { keys } from '../../queries/keys.js';
import { texts } from '../../texts/texts.js';

/** Makes a volume at its location, or destroys what is there. */
export function VolumeWish({ volume }: { volume: Volume }) {
  const { name, location } = volume;
  const [asking, setAsking] = useState(false);
  const client = useQueryClient();
  const making = useMutation({
    mutationFn: () => changeVolume(volume, { want: 'present' }),
    onSuccess: () => notifications.show({ message: texts.volumes.made(name, location) }),
    onError: (error) => notifications.show(problemNotice(error)),
    onSettled: () => client.invalidateQueries({ queryKey: keys.volumes }),
  });
  const destruction = useMutation({
    mutationFn: () => changeVolume(volume, { want: 'absent', confirm: name }),
    onSuccess: () => {
      notifications.show({ message: texts.volumes.destroyed(name) });
      setAsking(false);
    },
    onSettled: () => client.invalidateQueries({ queryKey: keys.volumes }),
  });
  if (volume.want === 'absent') {
    return (
      <Button loading={making.isPending} onClick={() => making.mutate()}>
        {texts.volumes.make}
      </Button>
    );
  }
  if (volume.want === 'deleted') return null;
  return (
    <>
      <Button color="red" variant="light" onClick={() => setAsking(true)}>
        {texts.volumes.destroy} …
      </Button>
      {asking && (
        <ConfirmModal
          title={texts.volumes.destroyTitle(name)}
          what={texts.volumes.destroyWhat(name, location)}
          deed={texts.volumes.destroy}
          name={name}
          busy={destruction.isPending}
          error={destruction.error}
          onConfirm={() => destruction.mutate()}
          onClose={() => setAsking(false)}
        />
      )}
    </>
  );
}
