import { Checkbox, VisuallyHidden } from '@mantine/core';
import { useEffect, useEffectEvent } from 'react';
import type { Space } from '../../api/schemas.js';
import { useSights } from '../../queries/use-sights.js';
import { texts } from '../../texts/texts.js';
import { SpaceRow } from './space-row.js';
import { useRows } from './use-rows.js';
import classes from '../../components/table.module.css';

interface SpaceTableProps {
  readonly spaces: readonly Space[];
  readonly showOwner: boolean;
  /** Ids. */
  readonly chosen: ReadonlySet<string>;
  readonly onChoose: (ids: ReadonlySet<string>) => void;
  /** The same function each time: rows that did not change are left alone. */
  readonly onFlip: (id: string) => void;
  /** Whether the server has more than was read. */
  readonly hasMore: boolean;
  /** The end of what was read comes into sight. */
  readonly onNearEnd: () => void;
}

/** Rows from the end at which the next page is asked for. */
const NEAR = 30;

/** Only the rows near the window are drawn: the list may hold ten thousand. */
export function SpaceTable({ spaces, showOwner, chosen, onChoose, onFlip, hasMore, onNearEnd }: SpaceTableProps) {
  const sightOf = useSights();
  const { body, items, measure, above, below, last } = useRows(spaces.length);
  const nearEnd = useEffectEvent(onNearEnd);
  const isNear = hasMore && last > spaces.length - NEAR;
  useEffect(() => {
    if (isNear) nearEnd();
  }, [isNear, spaces.length]);
  const columns = showOwner ? 7 : 6;
  return (
    <div className={classes.frame}>
      <table className={`${classes.table} ${classes.long}`} aria-rowcount={hasMore ? -1 : spaces.length + 1}>
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
                sightOf={sightOf}
                showOwner={showOwner}
                isChosen={chosen.has(space.id)}
                onFlip={onFlip}
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
