import { ActionIcon, Menu } from '@mantine/core';
import { IconArrowUp, IconDots, IconPlayerPlay, IconPlayerStop, IconRefresh, IconTrash } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import { useMe } from '../app/use-me.js';
import type { Space } from '../api/schemas.js';
import type { PlainWish } from '../deeds/space-deeds.js';
import type { Sight } from '../live/sight.js';
import { texts } from '../texts/texts.js';
import { DeleteSpaceModal } from './delete-space-modal.js';
import { deedsOf, subjectOf } from './space-deeds.js';
import classes from './row-button.module.css';

export const DEED_ICONS: Record<PlainWish, typeof IconRefresh> = {
  start: IconPlayerPlay,
  stop: IconPlayerStop,
  restart: IconRefresh,
  update: IconArrowUp,
};

interface SpaceMenuProps {
  readonly space: Space;
  readonly sight: Sight;
  readonly onWish: (wish: PlainWish) => void;
}

/** What can be done with a space of the list, beyond the first button. A row that was never asked has but a button. */
export function SpaceMenu(props: SpaceMenuProps) {
  const [asked, setAsked] = useState(false);
  if (asked) return <OpenMenu {...props} />;
  return (
    <button
      type="button"
      className={classes.more}
      aria-label={texts.spaces.actionsOf(props.space.name)}
      aria-haspopup="menu"
      aria-expanded={false}
      onClick={() => setAsked(true)}
    >
      <IconDots size={18} aria-hidden />
    </button>
  );
}

function OpenMenu({ space, sight, onWish }: SpaceMenuProps) {
  const { may } = useMe();
  const button = useRef<HTMLButtonElement>(null);
  const [deleting, setDeleting] = useState(false);
  const subject = subjectOf(space);
  const deeds = deedsOf(space).slice(1);
  return (
    <>
      <Menu position="bottom-end" withinPortal defaultOpened onClose={() => button.current?.focus()}>
        <Menu.Target>
          <ActionIcon
            ref={button}
            variant="subtle"
            color="gray"
            size="lg"
            aria-label={texts.spaces.actionsOf(space.name)}
          >
            <IconDots size={18} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {deeds
            .filter((deed) => may(`space.${deed}`, subject))
            .map((deed) => {
              const Icon = DEED_ICONS[deed];
              return (
                <Menu.Item key={deed} leftSection={<Icon size={16} aria-hidden />} onClick={() => onWish(deed)}>
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
