import { Button, Group, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Offer, SpaceDetail } from '../api/schemas.js';
import { useMe } from '../app/use-me.js';
import { Panel } from '../components/panel.js';
import { problemNotice } from '../components/problem-notice.js';
import { QueryView } from '../components/query-view.js';
import { endOffer } from '../deeds/offer-deeds.js';
import { keys } from '../queries/keys.js';
import { spaceOffersQuery } from '../queries/offer-queries.js';
import { texts } from '../texts/texts.js';
import { OfferForm } from './offer-form.js';

/** With whom a space is shared, to whom it is offered, and the ways to offer it. */
export function SharingPanel({ space }: { space: SpaceDetail }) {
  const { me, may } = useMe();
  const owned = { ownerId: space.owner.id };
  const mayOffer = may('space.share', owned) || may('space.transfer', owned);
  const isShared = space.sharedWith.some(({ id }) => id === me.id);
  const query = useQuery({ ...spaceOffersQuery(space.id), enabled: mayOffer || isShared });
  if (!mayOffer && !isShared) return null;
  return (
    <Panel title={texts.offers.title}>
      <QueryView query={query}>
        {(offers) => (
          <Stack gap="sm">
            {offers.length === 0 && <Text c="dimmed">{texts.offers.nobody}</Text>}
            {offers.map((offer) => (
              <OfferRow
                key={offer.id}
                offer={offer}
                mayEnd={mayOffer || offer.to.id === me.id}
                isMine={offer.to.id === me.id}
              />
            ))}
            {mayOffer && space.want !== 'deleted' && <OfferForm space={space} />}
          </Stack>
        )}
      </QueryView>
    </Panel>
  );
}

interface OfferRowProps {
  readonly offer: Offer;
  readonly mayEnd: boolean;
  /** Of who looks, who then leaves rather than ends it. */
  readonly isMine: boolean;
}

function OfferRow({ offer: { id, deed, state, to, space }, mayEnd, isMine }: OfferRowProps) {
  const client = useQueryClient();
  const ending = useMutation({
    mutationFn: () => endOffer(id),
    onSuccess: () => notifications.show({ message: texts.offers.ended(to.username) }),
    onError: (error) => notifications.show(problemNotice(error)),
    onSettled: () => {
      void client.invalidateQueries({ queryKey: keys.offers });
      void client.invalidateQueries({ queryKey: keys.space(space.id) });
    },
  });
  const isOpen = state === 'open';
  const words = isOpen ? texts.offers.waits(to.username, texts.offers.deeds[deed]) : to.username;
  const label = isOpen ? texts.offers.takeBack(to.username) : texts.offers.end(to.username);
  const short = isOpen ? texts.offers.takeBackShort : isMine ? texts.offers.leave : texts.offers.endShort;
  return (
    <Group justify="space-between" gap="sm" wrap="nowrap">
      <Text>{words}</Text>
      {mayEnd && (
        <Button
          size="compact-sm"
          variant="default"
          aria-label={isMine ? undefined : label}
          loading={ending.isPending}
          onClick={() => ending.mutate()}
        >
          {short}
        </Button>
      )}
    </Group>
  );
}
