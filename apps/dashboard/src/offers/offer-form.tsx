import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Offer, SpaceDetail } from '../api/schemas.js';
import { useMe } from '../app/use-me.js';
import { ConfirmModal } from '../components/confirm-modal.js';
import { ProblemView } from '../components/problem-view.js';
import { offerSpace } from '../deeds/offer-deeds.js';
import { keys } from '../queries/keys.js';
import { texts } from '../texts/texts.js';

/** Offers a space to somebody by their user name: to share it, or to own it. */
export function OfferForm({ space: { id, name, owner } }: { space: SpaceDetail }) {
  const { may } = useMe();
  const client = useQueryClient();
  const [user, setUser] = useState('');
  const [asking, setAsking] = useState(false);
  const receiver = user.trim();
  const offering = useMutation({
    mutationFn: (deed: Offer['deed']) => offerSpace(id, deed, receiver),
    onSuccess: () => {
      notifications.show({ message: texts.offers.offered(receiver) });
      setUser('');
      setAsking(false);
      void client.invalidateQueries({ queryKey: keys.offers });
    },
  });
  const owned = { ownerId: owner.id };
  const mayShare = may('space.share', owned);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (mayShare) offering.mutate('share');
      }}
    >
      <Stack gap="xs">
        <TextInput
          label={texts.offers.user}
          description={mayShare ? texts.offers.what : undefined}
          required
          autoComplete="off"
          spellCheck={false}
          value={user}
          onChange={(event) => setUser(event.currentTarget.value)}
        />
        {offering.error && !asking && <ProblemView error={offering.error} />}
        <Group gap="xs">
          {mayShare && (
            <Button type="submit" size="compact-sm" variant="default" disabled={receiver === ''}>
              {texts.offers.share}
            </Button>
          )}
          {may('space.transfer', owned) && (
            <Button size="compact-sm" variant="default" disabled={receiver === ''} onClick={() => setAsking(true)}>
              {texts.offers.transfer} …
            </Button>
          )}
        </Group>
      </Stack>
      {asking && (
        <ConfirmModal
          title={texts.offers.askTransfer(name, receiver)}
          what={<Text>{texts.offers.transferWhat}</Text>}
          deed={texts.offers.transfer}
          danger={false}
          busy={offering.isPending}
          error={offering.error}
          onConfirm={() => offering.mutate('transfer')}
          onClose={() => setAsking(false)}
        />
      )}
    </form>
  );
}
