import { Button } from '@mantine/core';
import { useMe } from '../app/use-me.js';
import type { Space } from '../api/schemas.js';
import type { PlainWish } from '../deeds/space-deeds.js';
import { useWish } from '../deeds/use-wish.js';
import { subjectOf } from './space-deeds.js';
import { texts } from '../texts/texts.js';
import { DEED_ICONS } from './space-menu.js';

interface WishButtonProps {
  readonly space: Space;
  readonly wish: PlainWish;
  readonly variant: 'filled' | 'default' | 'light';
  readonly size: 'sm' | 'compact-sm';
}

export function WishButton({ space, wish, variant, size }: WishButtonProps) {
  const { may } = useMe();
  const asked = useWish(space);
  const Icon = DEED_ICONS[wish];
  if (!may(`space.${wish}`, subjectOf(space))) return null;
  return (
    <Button
      variant={variant}
      size={size}
      leftSection={<Icon size={16} aria-hidden />}
      aria-label={`${texts.space.deeds[wish]} ${space.name}`}
      loading={asked.isPending}
      onClick={() => asked.mutate(wish)}
    >
      {texts.space.deeds[wish]}
    </Button>
  );
}
