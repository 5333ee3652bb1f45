import { Alert, Button, Group, Text } from '@mantine/core';
import { IconGift } from '@tabler/icons-react';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Offer } from '../api/schemas.js';
import { useMe } from '../app/use-me.js';
import { problemNotice } from '../components/problem-notice.js';
import { acceptOffer, endOffer } from '../deeds/offer-deeds.js';
import { keys } from '../queries/keys.js';
import { offersQuery } from '../queries/offer-queries.js';
import { texts } from '../texts/texts.js';

/** What others offer to who looks, with the two answers. */
export function OffersNote() {
  const { me } = useMe();
  const { data: offers = [] } = useQuery(offersQuery());
  const mine = offers.filter(({ to, state }) => state === 'open' && to.id === me.id);
  if (mine.length === 0) return null;
  return (
    <section aria-label={texts.offers.label}>
      {mine.map((offer) => (
        <OneOffer key={offer.id} offer={offer} />
      ))}
    </section>
  );
}

function OneOffer({ offer: { id, deed, from, space } }: { offer: Offer }) {
  const client = useQueryClient();
  const answer = useMutation({
    mutationFn: (accepts: boolean) => (accepts ? acceptOffer(id) : endOffer(id)),
    onSuccess: (_done, accepts) => {
      if (accepts) notifications.show({ message: texts.offers.accepted[deed](space.name) });
    },
    onError: (error) => notifications.show(problemNotice(error)),
    onSettled: () => {
      void client.invalidateQueries({ queryKey: keys.offers });
      void client.invalidateQueries({ queryKey: keys.spaces });
    },
  });
  return (
    <Alert icon={<IconGift aria-hidden />} mb="xs">
      <Group justify="space-between" gap="sm">
        <Text>{texts.offers.toMe[deed](from.username, space.name, space.location)}</Text>
        <Group gap="xs">
          <Button size="compact-sm" loading={answer.isPending} onClick={() => answer.mutate(true)}>
            {texts.offers.accept}
          </Button>
          <Button size="compact-sm" variant="default" onClick={() => answer.mutate(false)}>
            {texts.offers.decline}
          </Button>
        </Group>
      </Group>
    </Alert>
  );
}
