import { SHELLS } from '@knot/domain';
import { NativeSelect } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { SpaceDetail } from '../../api/schemas.js';
import { useMe } from '../../app/use-me.js';
import { problemNotice } from '../../components/problem-notice.js';
import { subjectOf } from '../../components/space-deeds.js';
import { changeShell } from '../../deeds/space-deeds.js';
import { keys } from '../../queries/keys.js';
import { texts } from '../../texts/texts.js';

/** The shell that terminals and SSH of a space open, for whoever may say so. */
export function ShellSelect({ space }: { space: SpaceDetail }) {
  const { may } = useMe();
  const client = useQueryClient();
  const change = useMutation({
    mutationFn: (shell: string) => changeShell(space.id, shell),
    onSuccess: () => notifications.show({ message: texts.terminal.shellSaved }),
    onError: (error) => notifications.show(problemNotice(error)),
    onSettled: () => client.invalidateQueries({ queryKey: keys.space(space.id) }),
  });
  if (!may('space.change', subjectOf(space))) return space.shell || texts.terminal.anyShell;
  return (
    <NativeSelect
      size="xs"
      aria-label={texts.terminal.shell}
      value={space.shell}
      disabled={change.isPending}
      data={shellChoices()}
      onChange={({ currentTarget }) => change.mutate(currentTarget.value)}
    />
  );
}

export function shellChoices() {
  return [{ value: '', label: texts.terminal.anyShell }, ...SHELLS.map((value) => ({ value, label: value }))];
}
