import { Button, Group, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { texts } from '../texts/texts.js';
import { ConfirmModal } from './confirm-modal.js';
import { Panel } from './panel.js';

interface DangerDeedProps {
  /** What the button says: the deed itself. */
  readonly deed: string;
  readonly title: string;
  /** What will happen, by name. */
  readonly what: string;
  /** To be typed. */
  readonly name: string;
  /** Why it cannot be done now; '' when it can. */
  readonly blocked?: string;
  readonly onConfirm: () => Promise<void>;
}

/** The panel of a deed that destroys, at the end of a page. */
export function DangerDeed({ deed, title, what, name, blocked = '', onConfirm }: DangerDeedProps) {
  const [asking, setAsking] = useState(false);
  const doing = useMutation({ mutationFn: onConfirm, onSuccess: () => setAsking(false) });
  const close = () => {
    doing.reset();
    setAsking(false);
  };
  return (
    <Panel title={texts.common.dangerTitle} danger>
      <Group justify="space-between" gap="sm">
        <Text>{blocked || what}</Text>
        <Button color="red" variant="light" disabled={blocked !== ''} onClick={() => setAsking(true)}>
          {deed} …
        </Button>
      </Group>
      {asking && (
        <ConfirmModal
          title={title}
          what={what}
          deed={deed}
          name={name}
          busy={doing.isPending}
          error={doing.error}
          onConfirm={() => doing.mutate()}
          onClose={close}
        />
      )}
    </Panel>
  );
}
