import { Text } from '@mantine/core';
import type { SpaceDetail } from '../../api/schemas.js';
import { LoadingRows } from '../../components/loading-rows.js';
import { PageHead } from '../../components/page-head.js';
import { deedsOf } from '../../components/space-deeds.js';
import { WishButton } from '../../components/wish-button.js';
import type { Sight } from '../../live/sight.js';
import { SharingPanel } from '../../offers/sharing-panel.js';
import { texts } from '../../texts/texts.js';
import { LogsButton } from '../logs/logs-button.js';
import { TerminalButton } from '../terminal/terminal-button.js';
import { TerminalsPanel } from '../terminal/terminals-panel.js';
import { ConditionsPanel } from './conditions-panel.js';
import { DangerPanel } from './danger-panel.js';
import { EventsPanel } from './events-panel.js';
import { FactsPanel } from './facts-panel.js';
import { OneSpace } from './one-space.js';
import { PlatformNote } from './platform-note.js';
import { PortsPanel } from './ports-panel.js';
import { ScheduleNote } from './schedule-note.js';
import { SilentNote } from './silent-note.js';
import { SpacePhase } from './space-phase.js';
import { StartTimeline } from './start-timeline.js';
import { UpdateNote } from './update-note.js';
import { VolumesPanel } from './volumes-panel.js';
import classes from './space-page.module.css';

export function SpacePage() {
  return (
    <OneSpace loading={<LoadingRows rows={3} height={140} />}>
      {(space, sight) => <SpaceView space={space} sight={sight} />}
    </OneSpace>
  );
}

function SpaceView({ space, sight }: { space: SpaceDetail; sight: Sight }) {
  const deeds = deedsOf(space).filter((deed) => deed !== 'update');
  return (
    <>
      <PageHead
        title={space.name}
        above={{ to: '/spaces', label: texts.spaces.title }}
        badge={<SpacePhase space={space} sight={sight} />}
        below={<Below space={space} sight={sight} />}
      >
        <TerminalButton space={space} />
        <LogsButton space={space} />
        {deeds.map((deed, nth) => (
          <WishButton
            key={deed}
            space={space}
            wish={deed}
            size="sm"
            variant={nth === 0 && deed === 'start' ? 'filled' : 'default'}
          />
        ))}
      </PageHead>
      <SilentNote space={space} sight={sight} />
      <PlatformNote space={space} sight={sight} />
      <ScheduleNote space={space} />
      <UpdateNote space={space} />
      <div className={classes.columns}>
        <div className={classes.column}>
          <StartTimeline space={space} live={sight.live} />
          <EventsPanel events={space.events} />
        </div>
        <div className={classes.column}>
          <ConditionsPanel space={space} live={sight.live} />
          <PortsPanel space={space} />
          <TerminalsPanel space={space} />
          <SharingPanel space={space} />
          <VolumesPanel volumes={space.volumes} live={sight.live} />
          <FactsPanel space={space} />
          <DangerPanel space={space} sight={sight} />
        </div>
      </div>
    </>
  );
}

function Below({ space, sight }: { space: SpaceDetail; sight: Sight }) {
  return (
    <>
      {space.description !== '' && <Text c="dimmed">{space.description}</Text>}
      {space.message !== '' && sight.live && <Text>{space.message}</Text>}
    </>
  );
}
