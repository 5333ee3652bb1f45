import { ActionIcon, Menu } from '@mantine/core';
import { IconArrowUp, IconDots, IconPlayerPlay, IconPlayerStop, IconRefresh, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useMe } from '../app/use-me.js';
import type { Space } from '../api/schemas.js';
import type { PlainWish } from '../deeds/space-deeds.js';
import { useWish } from '../deeds/use-wish.js';
import type { Sight } from '../live/sight.js';
import { texts } from '../texts/texts.js';
import { DeleteSpaceModal } from './delete-space-modal.js';
import { deedsOf, subjectOf } from './space-deeds.js';

export const DEED_ICONS: Record<PlainWish, typeof IconRefresh> = {
  start: IconPlayerPlay,
  stop: IconPlayerStop,
  restart: IconRefresh,
  update: IconArrowUp,
};

/** What can be done with a space of the list, beyond the first button. */
export function SpaceMenu({ space, sight }: { space: Space; sight: Sight }) {
  const { may } = useMe();
  const wish = useWish(space);
  const [deleting, setDeleting] = useState(false);
  const subject = subjectOf(space);
  const deeds = deedsOf(space).slice(1);
  return (
    <>
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" size="lg" aria-label={texts.spaces.actionsOf(space.name)}>
            <IconDots size={18} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {deeds
            .filter((deed) => may(`space.${deed}`, subject))
            .map((deed) => {
              const Icon = DEED_ICONS[deed];
              return (
                <Menu.Item key={deed} leftSection={<Icon size={16} aria-hidden />} onClick={() => wish.mutate(deed)}>
                  {texts.space.deeds[deed]}
                </Menu.Item>
              );
            })}
          {may('space.delete', subject) && (
            <Menu.Item
              c="var(--mantine-color-error)"
              leftSection={<IconTrash size={16} aria-hidden />}
              disabled={space.want === 'deleted'}
              onClick={() => setDeleting(true)}
            >
              {texts.space.delete} …
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      {deleting && <DeleteSpaceModal space={space} sight={sight} onClose={() => setDeleting(false)} />}
    </>
  );
}
