import type { Phase } from '@knot/domain';
import { Anchor, Text, VisuallyHidden } from '@mantine/core';
import { IconArrowUp } from '@tabler/icons-react';
import { Link } from 'react-router';
import type { Space } from '../../api/schemas.js';
import { PhaseBadge } from '../../components/phase-badge.js';
import { deedsOf } from '../../components/space-deeds.js';
import { SpaceMenu } from '../../components/space-menu.js';
import { WishButton } from '../../components/wish-button.js';
import type { Sight } from '../../live/sight.js';
import { useSights } from '../../queries/use-sights.js';
import { texts } from '../../texts/texts.js';
import classes from '../../components/table.module.css';

/** Phases whose word says all there is to say. */
const SPEAKS_FOR_ITSELF: ReadonlySet<Phase> = new Set(['Running', 'Stopped']);

interface SpaceTableProps {
  readonly spaces: readonly Space[];
  readonly showOwner: boolean;
}

export function SpaceTable({ spaces, showOwner }: SpaceTableProps) {
  const sightOf = useSights();
  return (
    <div className={classes.frame}>
      <table className={classes.table}>
        <thead>
          <tr>
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
        <tbody>
          {spaces.map((space) => (
            <SpaceRow key={space.id} space={space} sight={sightOf(space)} showOwner={showOwner} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function SpaceRow({ space, sight, showOwner }: { space: Space; sight: Sight; showOwner: boolean }) {
  const [deed] = deedsOf(space);
  return (
    <tr data-space={space.name}>
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
