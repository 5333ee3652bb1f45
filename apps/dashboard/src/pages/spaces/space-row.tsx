import type { Phase } from '@knot/domain';
import { IconArrowUp } from '@tabler/icons-react';
import { memo, type Ref } from 'react';
import { Link } from 'react-router';
import type { Space } from '../../api/schemas.js';
import { useMe } from '../../app/use-me.js';
import { PhaseBadge } from '../../components/phase-badge.js';
import { deedsOf, subjectOf } from '../../components/space-deeds.js';
import { DEED_ICONS, SpaceMenu } from '../../components/space-menu.js';
import { useWish } from '../../deeds/use-wish.js';
import type { Sight } from '../../live/sight.js';
import { texts } from '../../texts/texts.js';
import plain from '../../components/row-button.module.css';
import classes from '../../components/table.module.css';

/** Phases whose word says all there is to say. */
const SPEAKS_FOR_ITSELF: ReadonlySet<Phase> = new Set(['Running', 'Stopped']);

interface SpaceRowProps {
  readonly space: Space;
  readonly sightOf: (space: Space) => Sight;
  readonly showOwner: boolean;
  /** From 0. */
  readonly index: number;
  readonly isChosen: boolean;
  readonly onFlip: (id: string) => void;
  readonly ref: Ref<HTMLTableRowElement>;
}

/** Of plain elements, and left as it is while the list is scrolled: dozens come and go within a frame. */
export const SpaceRow = memo(function SpaceRow({
  space,
  sightOf,
  showOwner,
  index,
  isChosen,
  onFlip,
  ref,
}: SpaceRowProps) {
  const sight = sightOf(space);
  return (
    <tr ref={ref} data-index={index} aria-rowindex={index + 2} data-space={space.name}>
      <td className={classes.choice}>
        <input
          type="checkbox"
          className={plain.box}
          aria-label={texts.bulk.choose(space.name)}
          checked={isChosen}
          onChange={() => onFlip(space.id)}
        />
      </td>
      <th scope="row">
        <Link to={`/spaces/${space.id}`} className={`${plain.link} ${classes.main}`}>
          {space.name}
        </Link>
        {space.description !== '' && <p className={plain.note}>{space.description}</p>}
      </th>
      <td data-label={texts.spaces.phase}>
        <PhaseBadge phase={space.phase} sight={sight} />
        {space.message !== '' && !SPEAKS_FOR_ITSELF.has(space.phase) && sight.live && (
          <p className={plain.note} lang="en">
            {space.message}
          </p>
        )}
      </td>
      {showOwner && <td data-label={texts.spaces.owner}>{space.owner.username}</td>}
      <td data-label={texts.spaces.template}>
        {space.template.name}
        {space.updateAvailable && (
          <span className={classes.update}>
            <IconArrowUp size={14} aria-hidden />
            {texts.spaces.updateAvailable}
          </span>
        )}
      </td>
      <td data-label={texts.spaces.location}>
        <Link to={`/locations/${encodeURIComponent(space.location)}`} className={plain.quiet}>
          {space.location}
        </Link>
      </td>
      <td className={classes.deeds}>
        <Deeds space={space} sight={sight} />
      </td>
    </tr>
  );
});

function Deeds({ space, sight }: { space: Space; sight: Sight }) {
  const { may } = useMe();
  const { isPending, mutate } = useWish(space);
  const [deed] = deedsOf(space);
  const Icon = deed && DEED_ICONS[deed];
  return (
    <>
      {Icon && may(`space.${deed}`, subjectOf(space)) && (
        <button
          type="button"
          className={plain.deed}
          aria-label={`${texts.space.deeds[deed]} ${space.name}`}
          aria-disabled={isPending}
          onClick={() => !isPending && mutate(deed)}
        >
          <Icon size={16} aria-hidden />
          {texts.space.deeds[deed]}
        </button>
      )}
      <SpaceMenu space={space} sight={sight} onWish={mutate} />
    </>
  );
}
