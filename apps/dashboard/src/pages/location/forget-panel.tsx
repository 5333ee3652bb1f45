import { Button, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { LocationDetail } from '../../api/schemas.js';
import { ConfirmModal } from '../../components/confirm-modal.js';
import { Panel } from '../../components/panel.js';
import { forgetLocation } from '../../deeds/location-deeds.js';
import { keys } from '../../queries/keys.js';
import { texts } from '../../texts/texts.js';

export function ForgetPanel({ location }: { location: LocationDetail }) {
  const [asking, setAsking] = useState(false);
  const client = useQueryClient();
  const forgetting = useMutation({
    mutationFn: () => forgetLocation(location.name, location.name),
    onSuccess: () => {
      notifications.show({ message: texts.location.forgotten(location.name) });
      void client.invalidateQueries({ queryKey: keys.locations });
      void client.invalidateQueries({ queryKey: keys.spaces });
      setAsking(false);
    },
  });
  return (
    <Panel title={texts.location.dangerTitle} danger>
      <Stack gap="sm" align="flex-start">
        <Text>{texts.location.forgetWhat(location.spaces)}</Text>
        <Button color="red" variant="light" onClick={() => setAsking(true)}>
          {texts.location.forget} …
        </Button>
      </Stack>
      {asking && (
        <ConfirmModal
          title={texts.location.forgetTitle(location.name)}
          what={texts.location.forgetWhat(location.spaces)}
          deed={texts.location.forget}
          name={location.name}
          busy={forgetting.isPending}
          error={forgetting.error}
          onConfirm={() => forgetting.mutate()}
          onClose={() => setAsking(false)}
        />
      )}
    </Panel>
  );
}
