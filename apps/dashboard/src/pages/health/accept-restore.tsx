import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ConfirmModal } from '../../components/confirm-modal.js';
import { acceptRestore } from '../../deeds/health-deeds.js';
import { keys } from '../../queries/keys.js';
import { texts } from '../../texts/texts.js';

/** The word of an administrator who has looked over a restored database. */
export function AcceptRestore() {
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
