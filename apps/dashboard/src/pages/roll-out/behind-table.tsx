import { Anchor, Checkbox } from '@mantine/core';
import { Link } from 'react-router';
import type { SpaceBehind } from '../../api/schemas.js';
import { ListTable } from '../../components/list-table.js';
import { texts } from '../../texts/texts.js';
import classes from '../../components/table.module.css';

interface BehindTableProps {
  readonly spaces: readonly SpaceBehind[];
  readonly chosen: ReadonlySet<string>;
  /** Null where who looks may not roll out. */
  readonly onChoose: ((chosen: ReadonlySet<string>) => void) | null;
}

export function BehindTable({ spaces, chosen, onChoose }: BehindTableProps) {
  const running = spaces.filter((space) => space.running);
  const all = running.length > 0 && running.every(({ id }) => chosen.has(id));
  return (
    <>
      {onChoose && running.length > 1 && (
        <Checkbox
          size="xs"
          label={texts.rollOut.chooseAll}
          checked={all}
          indeterminate={!all && running.some(({ id }) => chosen.has(id))}
          onChange={() => onChoose(new Set(all ? [] : running.map(({ id }) => id)))}
        />
      )}
      <ListTable
        rows={spaces}
        keyOf={({ id }) => id}
        nameOf={({ name }) => name}
        columns={[
          {
            label: texts.rollOut.space,
            cell: ({ id, name }) => (
              <Anchor component={Link} to={`/spaces/${id}`} className={classes.main}>
                {name}
              </Anchor>
            ),
          },
          { label: texts.rollOut.owner, cell: ({ owner }) => owner.username },
          { label: texts.rollOut.location, cell: ({ location }) => location },
          { label: texts.rollOut.version, isNumber: true, cell: ({ templateVersion }) => templateVersion },
          {
            label: texts.rollOut.state,
            cell: ({ running: runs }) => (runs ? texts.rollOut.running : texts.rollOut.atNextStart),
          },
        ]}
        deeds={
          onChoose
            ? ({ id, name, running: runs }) =>
                runs && (
                  <Checkbox
                    size="xs"
                    aria-label={texts.rollOut.choose(name)}
                    checked={chosen.has(id)}
                    onChange={() => onChoose(flipped(chosen, id))}
                  />
                )
            : undefined
        }
      />
    </>
  );
}

function flipped(chosen: ReadonlySet<string>, id: string): ReadonlySet<string> {
  const next = new Set(chosen);
  if (!next.delete(id)) next.add(id);
  return next;
}
