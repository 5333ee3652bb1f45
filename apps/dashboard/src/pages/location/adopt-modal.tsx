import { spaceNameProblem, usernameProblem } from '@knot/domain';
import { Button, Group, Modal, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Orphan } from '../../api/schemas.js';
import { leadToFault } from '../../components/lead-to-fault.js';
import { ProblemView } from '../../components/problem-view.js';
import { adoptOrphan } from '../../deeds/location-deeds.js';
import { keys } from '../../queries/keys.js';
import { texts } from '../../texts/texts.js';

export function AdoptModal({ orphan, onClose }: { orphan: Orphan; onClose: () => void }) {
  const client = useQueryClient();
  const form = useForm({
    initialValues: { owner: orphan.ownerName, name: orphan.name },
    validate: { owner: usernameProblem, name: spaceNameProblem },
  });
  const adoption = useMutation({
    mutationFn: (wanted: typeof form.values) => adoptOrphan(orphan.location, orphan.spaceId, wanted),
    onSuccess: ({ name }) => {
      notifications.show({ message: texts.location.adopted(name) });
      void client.invalidateQueries({ queryKey: keys.locations });
      onClose();
    },
  });
  return (
    <Modal
      opened
      onClose={onClose}
      title={texts.location.adoptTitle}
      closeButtonProps={{ 'aria-label': texts.common.close }}
    >
      <form onSubmit={form.onSubmit((values) => adoption.mutate(values), leadToFault)}>
        <Stack>
          <TextInput data-autofocus label={texts.location.adoptName} required {...form.getInputProps('name')} />
          <TextInput label={texts.location.adoptOwner} required {...form.getInputProps('owner')} />
          {adoption.error && <ProblemView error={adoption.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {texts.common.cancel}
            </Button>
            <Button type="submit" loading={adoption.isPending}>
              {texts.location.adopt}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
