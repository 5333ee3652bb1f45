import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import type { RollOutProgress } from '../../api/schemas.js';
import { useMe } from '../../app/use-me.js';
import { ConfirmModal } from '../../components/confirm-modal.js';
import { problemNotice } from '../../components/problem-notice.js';
import { endRollOut, goBack, holdRollOut, resumeRollOut } from '../../deeds/roll-out-deeds.js';
import { keys } from '../../queries/keys.js';
import { texts } from '../../texts/texts.js';

/** What can be done with a roll-out as it is now. */
export function RollOutDeeds({ rollOut }: { rollOut: RollOutProgress }) {
  const { id, state, counts, before, number } = rollOut;
  const { may } = useMe();
  const navigate = useNavigate();
  const client = useQueryClient();
  const [asking, setAsking] = useState<'end' | 'back' | null>(null);
  const doing = useMutation({
    mutationFn: (deed: () => Promise<RollOutProgress>) => deed(),
    onSuccess: async (now) => {
      setAsking(null);
      client.setQueryData(keys.rollOut(now.id), now);
      void client.invalidateQueries({ queryKey: keys.rollOuts });
      void client.invalidateQueries({ queryKey: keys.templates });
      if (now.id !== id) await navigate(`/roll-outs/${now.id}`);
    },
    // a deed that is asked for first says in the dialog why it was refused
    onError: (error) => asking === null && notifications.show(problemNotice(error)),
  });
  if (!may('template.roll-out')) return null;
  const failures = counts.failed + counts.refused;
  const took = counts.done + counts.updating + counts.failed;
  const isOver = state === 'done' || state === 'ended';
  const button = (label: string, deed: () => Promise<RollOutProgress>) => (
    <Button variant="default" loading={doing.isPending} onClick={() => doing.mutate(deed)}>
      {label}
    </Button>
  );
  const close = () => {
    doing.reset();
    setAsking(null);
  };
  return (
    <>
      {state === 'going' && button(texts.rollOut.hold, () => holdRollOut(id))}
      {state === 'held' && button(texts.rollOut.resume, () => resumeRollOut(id, false))}
      {state === 'held' && failures > 0 && button(texts.rollOut.again(failures), () => resumeRollOut(id, true))}
      {took > 0 && before > 0 && (
        <Button variant="default" onClick={() => setAsking('back')}>
          {texts.rollOut.back(before)} …
        </Button>
      )}
      {!isOver && (
        <Button color="red" variant="light" onClick={() => setAsking('end')}>
          {texts.rollOut.end} …
        </Button>
      )}
      {asking !== null && (
        <ConfirmModal
          title={asking === 'end' ? texts.rollOut.endTitle(number) : texts.rollOut.backTitle(before)}
          what={asking === 'end' ? texts.rollOut.endWhat(counts.waiting) : texts.rollOut.backWhat(before, took)}
          deed={asking === 'end' ? texts.rollOut.end : texts.rollOut.back(before)}
          danger={asking === 'end'}
          busy={doing.isPending}
          error={doing.error}
          onConfirm={() => doing.mutate(() => (asking === 'end' ? endRollOut(id) : goBack(id)))}
          onClose={close}
        />
      )}
    </>
  );
}
