import { Button, Group, Modal, Stack, Textarea } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { FreshProblem } from '../../components/fresh-problem.js';
import { addSshKey } from '../../deeds/identity-deeds.js';
import { keys } from '../../queries/keys.js';
import { texts } from '../../texts/texts.js';

export function AddSshKeyModal({ onClose }: { onClose: () => void }) {
  const [key, setKey] = useState('');
  const client = useQueryClient();
  const adding = useMutation({
    mutationFn: addSshKey,
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: keys.sshKeys });
      onClose();
    },
  });
  return (
    <Modal opened onClose={onClose} title={texts.sshKeys.add} closeButtonProps={{ 'aria-label': texts.common.close }}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          adding.mutate(key.trim());
        }}
      >
        <Stack>
          <Textarea
            data-autofocus
            label={texts.sshKeys.key}
            description={texts.sshKeys.keyHelp}
            required
            rows={4}
            autoComplete="off"
            spellCheck={false}
            value={key}
            onChange={(event) => setKey(event.currentTarget.value)}
          />
          {adding.error && <FreshProblem error={adding.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {texts.common.cancel}
            </Button>
            <Button type="submit" loading={adding.isPending}>
              {texts.sshKeys.add}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
