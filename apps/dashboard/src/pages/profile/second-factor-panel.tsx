import { Button, Group, Stack, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ConfirmModal } from '../../components/confirm-modal.js';
import { CopySecret } from '../../components/copy-secret.js';
import { Panel } from '../../components/panel.js';
import { ProblemView } from '../../components/problem-view.js';
import { keys } from '../../queries/keys.js';
import { texts } from '../../texts/texts.js';

interface SecondFactorPanelProps {
  readonly name: string;
  /** Whether a code is asked for at sign-in now. */
  readonly isOn: boolean;
  readonly makeLink: () => Promise<{ readonly url: string }>;
  readonly remove: () => Promise<void>;
}

/** One-time codes of oneself or of another: sets them up by a link, takes them away. */
export function SecondFactorPanel({ name, isOn, makeLink, remove }: SecondFactorPanelProps) {
  const [asking, setAsking] = useState(false);
  const client = useQueryClient();
  const making = useMutation({ mutationFn: makeLink, gcTime: 0 });
  const removal = useMutation({
    mutationFn: remove,
    onSuccess: () => {
      setAsking(false);
      void client.invalidateQueries({ queryKey: keys.me });
      void client.invalidateQueries({ queryKey: keys.users });
    },
  });
  return (
    <Panel title={texts.secondFactor.title}>
      <Stack gap="sm">
        <Text>{isOn ? texts.secondFactor.on : texts.secondFactor.off}</Text>
        {making.data && (
          <>
            <Text>{texts.secondFactor.linkWhat}</Text>
            <CopySecret secret={making.data.url} label={texts.secondFactor.link} />
          </>
        )}
        {making.error && <ProblemView error={making.error} />}
        <Group gap="sm">
          <Button variant="default" loading={making.isPending} onClick={() => making.mutate()}>
            {texts.secondFactor.makeLink}
          </Button>
          {isOn && (
            <Button color="red" variant="light" onClick={() => setAsking(true)}>
              {texts.secondFactor.remove} …
            </Button>
          )}
        </Group>
      </Stack>
      {asking && (
        <ConfirmModal
          title={texts.secondFactor.removeTitle(name)}
          what={texts.secondFactor.removeWhat(name)}
          deed={texts.secondFactor.remove}
          name={name}
          busy={removal.isPending}
          error={removal.error}
          onConfirm={() => removal.mutate()}
          onClose={() => setAsking(false)}
        />
      )}
    </Panel>
  );
}
