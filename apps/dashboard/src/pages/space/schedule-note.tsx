import { Button, Menu, Text } from '@mantine/core';
import { IconClock } from '@tabler/icons-react';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { SpaceDetail } from '../../api/schemas.js';
import { useMe } from '../../app/use-me.js';
import { problemNotice } from '../../components/problem-notice.js';
import { extendSpace } from '../../deeds/space-deeds.js';
import { keys } from '../../queries/keys.js';
import { shortTime } from '../../texts/format-time.js';
import { subjectOf } from '../../components/space-deeds.js';
import { texts } from '../../texts/texts.js';
import classes from './schedule-note.module.css';

const MINUTES = [30, 60, 120, 240];

/** When and why its schedule stops or starts it, and the way to let it run longer. */
export function ScheduleNote({ space }: { space: SpaceDetail }) {
  const { may } = useMe();
  if (space.schedule === '') return null;
  return (
    <section className={classes.note} aria-label={texts.schedule.title}>
      <IconClock size={18} aria-hidden />
      <Text component="p" className={classes.words}>
        {sentenceOf(space)}
      </Text>
      {space.stopsAt > 0 && may('space.extend', subjectOf(space)) && <ExtendMenu space={space} />}
    </section>
  );
}

function sentenceOf({ stopsAt, startsAt, schedule }: SpaceDetail): string {
  if (stopsAt > 0) return texts.schedule.stops(shortTime(stopsAt));
  if (startsAt > 0) return texts.schedule.starts(shortTime(startsAt));
  return schedule;
}

function ExtendMenu({ space: { id, name, stopsAt } }: { space: SpaceDetail }) {
  const client = useQueryClient();
  const extension = useMutation({
    mutationFn: (minutes: number) => extendSpace(id, minutes),
    onSuccess: (_operation, minutes) =>
      notifications.show({ message: texts.schedule.extended(name, shortTime(stopsAt + minutes * 60_000)) }),
    onError: (error) => notifications.show(problemNotice(error)),
    onSettled: () => client.invalidateQueries({ queryKey: keys.space(id) }),
  });
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <Button size="compact-sm" variant="default" loading={extension.isPending}>
          {texts.schedule.extend}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {MINUTES.map((minutes) => (
          <Menu.Item key={minutes} onClick={() => extension.mutate(minutes)}>
            {texts.schedule.extendBy(texts.schedule.minutes(minutes))}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
