import type { Phase } from '@knot/domain';
import { Anchor, Checkbox, Text, VisuallyHidden } from '@mantine/core';
import { IconArrowUp } from '@tabler/icons-react';
import { useEffect, useEffectEvent, type Ref } from 'react';
import { Link } from 'react-router';
import type { Space } from '../../api/schemas.js';
import { PhaseBadge } from '../../components/phase-badge.js';
import { deedsOf } from '../../components/space-deeds.js';
import { SpaceMenu } from '../../components/space-menu.js';
import { WishButton } from '../../components/wish-button.js';
import type { Sight } from '../../live/sight.js';
import { useSights } from '../../queries/use-sights.js';
import { texts } from '../../texts/texts.js';
import { useRows } from './use-rows.js';
import classes from '../../components/table.module.css';

/** Phases whose word says all there is to say. */
const SPEAKS_FOR_ITSELF: ReadonlySet<Phase> = new Set(['Running', 'Stopped']);

interface SpaceTableProps {
  readonly spaces: readonly Space[];
  readonly showOwner: boolean;
  /** Ids. */
  readonly chosen: ReadonlySet<string>;
  readonly onChoose: (ids: ReadonlySet<string>) => void;
  /** Whether the server has more than was read. */
  readonly hasMore: boolean;
  /** The end of what was read comes into sight. */
  readonly onNearEnd: () => void;
}

/** Rows from the end at which the next page is asked for. */
const NEAR = 30;

/** Only the rows near the window are drawn: the list may hold ten thousand. */
export function SpaceTable({ spaces, showOwner, chosen, onChoose, hasMore, onNearEnd }: SpaceTableProps) {
  const sightOf = useSights();
  const { body, items, measure, above, below, last } = useRows(spaces.length);
  const nearEnd = useEffectEvent(onNearEnd);
  const isNear = hasMore && last > spaces.length - NEAR;
  useEffect(() => {
    if (isNear) nearEnd();
  }, [isNear, spaces.length]);
  const columns = showOwner ? 7 : 6;
  const flip = (id: string) =>
    onChoose(new Set(chosen.has(id) ? [...chosen].filter((one) => one !== id) : [...chosen, id]));
  return (
    <div className={classes.frame}>
      <table className={classes.table} aria-rowcount={hasMore ? -1 : spaces.length + 1}>
        <SpaceTableHead spaces={spaces} showOwner={showOwner} chosen={chosen} onChoose={onChoose} />
        <tbody ref={body}>
          {above > 0 && <Gap height={above} columns={columns} />}
          {items.map(({ index }) => {
            const space = spaces[index];
            if (!space) return null;
            return (
              <SpaceRow
                key={space.id}
                ref={measure}
                index={index}
                space={space}
                sight={sightOf(space)}
                showOwner={showOwner}
                isChosen={chosen.has(space.id)}
                onFlip={() => flip(space.id)}
              />
            );
          })}
          {below > 0 && <Gap height={below} columns={columns} />}
        </tbody>
      </table>
    </div>
  );
}

/** In place of rows that are not drawn. */
function Gap({ height, columns }: { height: number; columns: number }) {
  return (
    <tr aria-hidden className={classes.gap}>
      <td colSpan={columns} style={{ height }} />
    </tr>
  );
}

type HeadProps = Pick<SpaceTableProps, 'spaces' | 'showOwner' | 'chosen' | 'onChoose'>;

function SpaceTableHead({ spaces, showOwner, chosen, onChoose }: HeadProps) {
  const all = chosen.size > 0 && spaces.every(({ id }) => chosen.has(id));
  return (
    <thead>
      <tr>
        <th scope="col" className={classes.choice}>
          <Checkbox
            size="xs"
            aria-label={texts.bulk.chooseAll}
            checked={all}
            indeterminate={chosen.size > 0 && !all}
            onChange={() => onChoose(new Set(all ? [] : spaces.map(({ id }) => id)))}
          />
        </th>
        <th scope="col">{texts.spaces.name}</th>
        <th scope="col">{texts.spaces.phase}</th>
        {showOwner && <th scope="col">{texts.spaces.owner}</th>}
        <th scope="col">{texts.spaces.template}</th>
        <th scope="col">{texts.spaces.location}</th>
        <th scope="col">
          <VisuallyHidden>{texts.common.actions}</VisuallyHidden>
        </th>
      </tr>
    </thead>
  );
}

interface SpaceRowProps {
  readonly space: Space;
  readonly sight: Sight;
  readonly showOwner: boolean;
  /** From 0. */
  readonly index: number;
  readonly isChosen: boolean;
  readonly onFlip: () => void;
  readonly ref: Ref<HTMLTableRowElement>;
}

function SpaceRow({ space, sight, showOwner, index, isChosen, onFlip, ref }: SpaceRowProps) {
  const [deed] = deedsOf(space);
  return (
    <tr ref={ref} data-index={index} aria-rowindex={index + 2} data-space={space.name}>
      <td className={classes.choice}>
        <Checkbox size="xs" aria-label={texts.bulk.choose(space.name)} checked={isChosen} onChange={onFlip} />
      </td>
      <th scope="row">
        <Anchor component={Link} to={`/spaces/${space.id}`} className={classes.main}>
          {space.name}
        </Anchor>
        {space.description !== '' && (
          <Text c="dimmed" lineClamp={1}>
            {space.description}
          </Text>
        )}
      </th>
      <td data-label={texts.spaces.phase}>
        <PhaseBadge phase={space.phase} sight={sight} />
        {space.message !== '' && !SPEAKS_FOR_ITSELF.has(space.phase) && sight.live && (
          <Text c="dimmed" lineClamp={2} maw={340} mt={4}>
            {space.message}
          </Text>
        )}
      </td>
      {showOwner && <td data-label={texts.spaces.owner}>{space.owner.username}</td>}
      <td data-label={texts.spaces.template} className={classes.word}>
        {space.template.name}
        {space.updateAvailable && (
          <span className={classes.update}>
            <IconArrowUp size={14} aria-hidden />
            {texts.spaces.updateAvailable}
          </span>
        )}
      </td>
      <td data-label={texts.spaces.location}>
        <Anchor component={Link} to={`/locations/${encodeURIComponent(space.location)}`} c="inherit" size="sm">
          {space.location}
        </Anchor>
      </td>
      <td className={classes.deeds}>
        {deed && <WishButton space={space} wish={deed} variant="default" size="compact-sm" />}
        <SpaceMenu space={space} sight={sight} />
      </td>
    </tr>
  );
}
