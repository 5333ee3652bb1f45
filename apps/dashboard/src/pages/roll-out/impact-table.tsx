import { Anchor, Checkbox, Skeleton, Text } from '@mantine/core';
import { Link } from 'react-router';
import type { SpaceBehind, SpaceImpact } from '../../api/schemas.js';
import { ListTable } from '../../components/list-table.js';
import { StatusBadge } from '../../components/status-badge.js';
import { texts } from '../../texts/texts.js';
import { EFFECT_TONES } from './tones.js';
import classes from '../../components/table.module.css';
import own from './roll-out.module.css';

interface ImpactTableProps {
  readonly spaces: readonly SpaceBehind[];
  /** What their locations say; undefined while they are asked, null where nothing can be had. */
  readonly impacts: ReadonlyMap<string, SpaceImpact> | null | undefined;
  readonly chosen: ReadonlySet<string>;
  /** Null where who looks may not roll out. */
  readonly onChoose: ((chosen: ReadonlySet<string>) => void) | null;
}

/** What a version would do to each space of another version. */
export function ImpactTable({ spaces, impacts, chosen, onChoose }: ImpactTableProps) {
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
            cell: ({ id, name, owner, running: runs }) => (
              <div className={own.choice}>
                {onChoose && (
                  <Checkbox
                    size="xs"
                    aria-label={texts.rollOut.choose(name)}
                    disabled={!runs}
                    checked={chosen.has(id)}
                    onChange={() => onChoose(flipped(chosen, id))}
                  />
                )}
                <div>
                  <Anchor component={Link} to={`/spaces/${id}`} className={classes.main}>
                    {name}
                  </Anchor>
                  <Text c="dimmed">{owner.username}</Text>
                </div>
              </div>
            ),
          },
          { label: texts.rollOut.location, cell: ({ location }) => location },
          { label: texts.rollOut.version, isNumber: true, cell: ({ templateVersion }) => templateVersion },
          {
            label: texts.rollOut.effect,
            cell: (space) => <Effect space={space} impact={impacts && impacts.get(space.id)} asked={impacts} />,
          },
          {
            label: texts.rollOut.volumes,
            cell: ({ id }) => <Volumes impact={impacts?.get(id)} />,
          },
          {
            label: texts.rollOut.environment,
            cell: ({ id }) => impacts?.get(id)?.environment.join(', '),
          },
        ]}
      />
    </>
  );
}

interface EffectProps {
  readonly space: SpaceBehind;
  readonly impact: SpaceImpact | null | undefined;
  readonly asked: ImpactTableProps['impacts'];
}

function Effect({ space, impact, asked }: EffectProps) {
  if (!impact) {
    if (asked === undefined) return <Skeleton height={22} width={96} role="status" aria-label={texts.rollOut.asked} />;
    return space.running ? texts.rollOut.effects.restart : texts.rollOut.effects['next-start'];
  }
  const { effect, message, hint, changes, warnings } = impact;
  return (
    <div className={own.effect}>
      <StatusBadge tone={EFFECT_TONES[effect]} word={texts.rollOut.effects[effect]} />
      {message !== '' && (
        <Text c="dimmed">
          {message} {hint}
        </Text>
      )}
      {warnings.map((warning) => (
        <Text key={warning} c="dimmed">
          {warning}
        </Text>
      ))}
      {changes.length > 0 && (
        <details>
          <summary>{texts.rollOut.changes(changes.length)}</summary>
          <ul>
            {changes.map((change) => (
              <li key={change}>{change}</li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}

function Volumes({ impact }: { impact: SpaceImpact | undefined }) {
  if (!impact) return null;
  const { volumesAdded, volumesDetached } = impact;
  if (volumesAdded.length + volumesDetached.length === 0) return null;
  return (
    <div>
      {volumesAdded.length > 0 && <div>{texts.rollOut.volumesAdded(volumesAdded.join(', '))}</div>}
      {volumesDetached.length > 0 && <div>{texts.rollOut.volumesDetached(volumesDetached.join(', '))}</div>}
    </div>
  );
}

function flipped(chosen: ReadonlySet<string>, id: string): ReadonlySet<string> {
  const next = new Set(chosen);
  if (!next.delete(id)) next.add(id);
  return next;
}
