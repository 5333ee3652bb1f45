import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { Space } from '../../api/schemas.js';
import { useMe } from '../../app/use-me.js';
import { ProblemView } from '../../components/problem-view.js';
import { eachInTurn } from '../../deeds/each-in-turn.js';
import { deleteSpace, wishSpace } from '../../deeds/space-deeds.js';
import { subjectOf } from '../../components/space-deeds.js';
import { texts } from '../../texts/texts.js';
import { bulkPlan, type BulkDeed } from './bulk-plan.js';
import classes from './bulk-bar.module.css';

interface BulkModalProps {
  readonly deed: BulkDeed;
  readonly spaces: readonly Space[];
  readonly onDone: () => void;
  readonly onClose: () => void;
}

/** The list first, by name; then the deed, one space after the other. */
export function BulkModal({ deed, spaces, onDone, onClose }: BulkModalProps) {
  const { may } = useMe();
  // as it was when the window was opened: what happens meanwhile does not change the list under the hand
  const [plan] = useState(() => bulkPlan(spaces, deed, (space) => may(`space.${deed}`, subjectOf(space))));
  const [typed, setTyped] = useState('');
  const [done, setDone] = useState(0);
  const { todo } = plan;
  const doing = useMutation({
    mutationFn: () =>
      eachInTurn(todo, ({ id, name }) => (deed === 'delete' ? deleteSpace(id, name) : wishSpace(id, deed)), setDone),
    onSuccess: (failures) => {
      if (failures.length > 0) return;
      notifications.show({ message: texts.bulk.done[deed](todo.length) });
      onDone();
    },
  });
  const failures = doing.data ?? [];
  const phrase = deed === 'delete' ? texts.bulk.phrase(todo.length) : '';
  const fits = todo.length > 0 && (phrase === '' || typed === phrase);
  return (
    <Modal
      opened
      onClose={doing.data ? onDone : onClose}
      title={texts.bulk.titles[deed](todo.length)}
      closeButtonProps={{ 'aria-label': texts.common.close }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (fits && !doing.isPending && !doing.data) doing.mutate();
        }}
      >
        <Stack>
          {deed === 'delete' && <Text>{texts.bulk.deleteWhat}</Text>}
          {deed === 'update' && <Text>{texts.bulk.updateWhat}</Text>}
          <Names label={texts.bulk.todo} spaces={todo} />
          <Names label={texts.bulk.passed} spaces={plan.passed} />
          <Names label={texts.bulk.refused} spaces={plan.refused} />
          {phrase !== '' && todo.length > 0 && (
            <TextInput
              data-autofocus
              label={texts.common.typeToConfirm(phrase)}
              value={typed}
              onChange={(event) => setTyped(event.currentTarget.value)}
              autoComplete="off"
              spellCheck={false}
            />
          )}
          <div aria-live="polite">{doing.isPending && <Text>{texts.bulk.progress(done, todo.length)}</Text>}</div>
          {failures.map(({ subject, error }) => (
            <ProblemView key={subject.id} error={error} title={subject.name} />
          ))}
          <Group justify="flex-end">
            <Button variant="default" onClick={doing.data ? onDone : onClose}>
              {doing.data ? texts.common.close : texts.common.cancel}
            </Button>
            {!doing.data && (
              <Button
                type="submit"
                color={deed === 'delete' ? 'red' : undefined}
                disabled={!fits}
                loading={doing.isPending}
              >
                {texts.bulk.deeds[deed]}
              </Button>
            )}
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

function Names({ label, spaces }: { label: string; spaces: readonly Space[] }) {
  if (spaces.length === 0) return null;
  return (
    <div>
      <Text c="dimmed">{label}</Text>
      <ul className={classes.names} aria-label={label}>
        {spaces.map(({ id, name, owner }) => (
          <li key={id}>
            {name}{' '}
            <Text component="span" c="dimmed" size="xs">
              {owner.username}
            </Text>
          </li>
        ))}
      </ul>
    </div>
  );
}
