import { Anchor, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconDatabase } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from 'react-router';
import { hasCode } from '../../api/problem.js';
import type { Volume } from '../../api/schemas.js';
import { useMe } from '../../app/use-me.js';
import { DangerDeed } from '../../components/danger-deed.js';
import { Facts } from '../../components/facts.js';
import { GonePage } from '../../components/gone-page.js';
import { Moment } from '../../components/moment.js';
import { PageHead } from '../../components/page-head.js';
import { Panel } from '../../components/panel.js';
import { QueryView } from '../../components/query-view.js';
import { deleteVolume } from '../../deeds/volume-deeds.js';
import { keys } from '../../queries/keys.js';
import { locationsQuery } from '../../queries/location-queries.js';
import { volumeQuery } from '../../queries/volume-queries.js';
import { texts } from '../../texts/texts.js';
import { DefinitionPanel } from './definition-panel.js';
import { VolumeBadge } from './volume-badge.js';
import { VolumeWish } from './volume-wish.js';
import classes from '../space/space-page.module.css';

export function VolumePage() {
  const { id = '' } = useParams();
  const query = useQuery(volumeQuery(id));
  if (hasCode(query.error, 'resource.not_found')) {
    const way = { to: '/volumes', label: texts.volumes.title };
    return <GonePage icon={<IconDatabase size={28} />} title={texts.volumes.gone} way={way} />;
  }
  return <QueryView query={query}>{(volume) => <VolumeView key={id} volume={volume} />}</QueryView>;
}

function VolumeView({ volume }: { volume: Volume }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const { may } = useMe();
  const { data: locations = [] } = useQuery(locationsQuery());
  const live = locations.some(({ name, live }) => name === volume.location && live);
  const remove = async () => {
    await deleteVolume(volume.id, volume.name);
    notifications.show({ message: texts.volumes.deleted(volume.name) });
    await navigate('/volumes');
    void client.invalidateQueries({ queryKey: keys.volumes });
  };
  return (
    <>
      <PageHead
        title={volume.name}
        above={{ to: '/volumes', label: texts.volumes.title }}
        badge={
          <span role="status" aria-live="polite">
            <VolumeBadge volume={volume} live={live} />
          </span>
        }
        below={volume.asOf === 0 && <Text c="dimmed">{texts.volumes.noWord}</Text>}
      >
        {may('volume.change') && <VolumeWish volume={volume} />}
      </PageHead>
      <div className={classes.columns}>
        <div className={classes.column}>
          <DefinitionPanel key={volume.definition} volume={volume} />
        </div>
        <div className={classes.column}>
          <VolumeFacts volume={volume} />
          {may('volume.delete') && volume.want !== 'deleted' && (
            <DangerDeed
              deed={texts.volumes.delete}
              title={texts.volumes.deleteTitle(volume.name)}
              what={texts.volumes.deleteWhat(volume.name, volume.location)}
              name={volume.name}
              onConfirm={remove}
            />
          )}
        </div>
      </div>
    </>
  );
}

function VolumeFacts({ volume }: { volume: Volume }) {
  return (
    <Panel title={texts.space.factsTitle}>
      <Facts
        facts={[
          { name: texts.volumes.want, value: texts.volumes.wants[volume.want] },
          {
            name: texts.volumes.location,
            value: (
              <Anchor component={Link} to={`/locations/${encodeURIComponent(volume.location)}`} inherit>
                {volume.location}
              </Anchor>
            ),
          },
          { name: texts.volumes.platform, value: texts.platforms[volume.platform] },
          { name: texts.space.generation, value: volume.generation },
          { name: texts.location.asOf, value: <Moment at={volume.asOf} /> },
          { name: texts.space.created, value: <Moment at={volume.createdAt} /> },
          ...volume.conditions.map(({ type, status, message }) => ({
            name: texts.conditions[type][status],
            value: message || texts.common.none,
          })),
        ]}
      />
    </Panel>
  );
}
