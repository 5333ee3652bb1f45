import { Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { hasCode } from '../../api/problem.js';
import type { RolledOut, TemplateDetail } from '../../api/schemas.js';
import { ConfirmModal } from '../../components/confirm-modal.js';
import { rollOut, type RollOutAim } from '../../deeds/template-deeds.js';
import { texts } from '../../texts/texts.js';

interface RollOutModalProps {
  readonly template: TemplateDetail;
  readonly aim: RollOutAim;
  readonly onDone: (result: RolledOut) => void;
  readonly onClose: () => void;
}

/** Says what restarts; of very many the server asks once more, with their number. */
export function RollOutModal({ template, aim, onDone, onClose }: RollOutModalProps) {
  const rolling = useMutation({
    mutationFn: (sure: boolean) => rollOut(template, aim, sure),
    onSuccess: onDone,
  });
  const many = hasCode(rolling.error, 'confirm.required');
  return (
    <ConfirmModal
      title={texts.rollOut.askTitle(template.present)}
      what={
        <Stack gap={6}>
          <Text>{askOf(aim)}</Text>
          <Text c="dimmed">{texts.rollOut.undo}</Text>
          {many && (
            <Text fw={600} role="alert">
              {rolling.error?.message}
            </Text>
          )}
        </Stack>
      }
      deed={many ? texts.rollOut.sure : texts.rollOut.deed}
      danger={many}
      busy={rolling.isPending}
      error={many ? null : rolling.error}
      onConfirm={() => rolling.mutate(many)}
      onClose={onClose}
    />
  );
}

function askOf(aim: RollOutAim): string {
  switch (aim.to) {
    case 'all':
      return texts.rollOut.askAll;
    case 'location':
      return texts.rollOut.askLocation(aim.location);
    case 'spaces':
      return texts.rollOut.askChosen(aim.spaces.map(({ name }) => name).join(', '));
  }
}
