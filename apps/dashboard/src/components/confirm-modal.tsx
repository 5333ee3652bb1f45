import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { texts } from '../texts/texts.js';
import { ProblemView } from './problem-view.js';

interface ConfirmModalProps {
  readonly title: string;
  readonly what: ReactNode;
  /** What the button says: the deed itself. */
  readonly deed: string;
  /** To be typed before the button works; '' where a click is enough. */
  readonly name?: string;
  readonly danger?: boolean;
  readonly busy: boolean;
  readonly error: unknown;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
}

/** Says what will happen, by name, before it does. */
export function ConfirmModal(props: ConfirmModalProps) {
  const { title, what, deed, name = '', danger = true, busy, error, onConfirm, onClose } = props;
  const [typed, setTyped] = useState('');
  const fits = name === '' || typed === name;
  return (
    <Modal opened onClose={onClose} title={title} closeButtonProps={{ 'aria-label': texts.common.close }}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          // nor is a form sent that asked for this: to React it stands around it
          event.stopPropagation();
          if (fits && !busy) onConfirm();
        }}
      >
        <Stack>
          {typeof what === 'string' ? <Text>{what}</Text> : what}
          {name !== '' && (
            <TextInput
              data-autofocus
              label={texts.common.typeToConfirm(name)}
              value={typed}
              onChange={(event) => setTyped(event.currentTarget.value)}
              autoComplete="off"
              spellCheck={false}
            />
          )}
          {error !== null && error !== undefined && <ProblemView error={error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {texts.common.cancel}
            </Button>
            <Button type="submit" color={danger ? 'red' : undefined} disabled={!fits} loading={busy}>
              {deed}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
