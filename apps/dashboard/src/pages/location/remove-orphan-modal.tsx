import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Orphan } from '../../api/schemas.js';
import { ConfirmModal } from '../../components/confirm-modal.js';
import { removeOrphan } from '../../deeds/location-deeds.js';
import { keys } from '../../queries/keys.js';
import { texts } from '../../texts/texts.js';

export function RemoveOrphanModal({ orphan, onClose }: { orphan: Orphan; onClose: () => void }) {
  const client = useQueryClient();
  // an orphan without a name goes by the id of its space
  const name = orphan.name || orphan.spaceId;
  const removal = useMutation({
    mutationFn: () => removeOrphan(orphan.location, orphan.spaceId, name),
    onSuccess: () => {
      notifications.show({ message: texts.location.removed(name) });
      void client.invalidateQueries({ queryKey: keys.locations });
      onClose();
    },
  });
  return (
    <ConfirmModal
      title={texts.location.removeTitle(name)}
      what={texts.location.removeWhat}
      deed={texts.location.remove}
      name={name}
      busy={removal.isPending}
      error={removal.error}
      onConfirm={() => removal.mutate()}
      onClose={onClose}
    />
  );
}
