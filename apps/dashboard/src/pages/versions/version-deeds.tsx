import { Button, Stack, Text, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { TemplateDetail, TemplateVersion } from '../../api/schemas.js';
import { useMe } from '../../app/use-me.js';
import { ConfirmModal } from '../../components/confirm-modal.js';
import { approveVersion, rollBack } from '../../deeds/template-deeds.js';
import { keys } from '../../queries/keys.js';
import { savedWarningsQuery } from '../../queries/template-queries.js';
import { texts } from '../../texts/texts.js';

interface VersionDeedsProps {
  readonly template: TemplateDetail;
  readonly version: TemplateVersion;
}

type Asking = 'back' | 'approval' | null;

/** What can be done with one version: approve it, go back to it. */
export function VersionDeeds({ template, version }: VersionDeedsProps) {
  const { may } = useMe();
  const [asking, setAsking] = useState<Asking>(null);
  const { number, approvedBy } = version;
  const close = () => setAsking(null);
  return (
    <>
      {may('template.approve') && approvedBy === '' && (
        <Button size="compact-sm" variant="subtle" onClick={() => setAsking('approval')}>
          {texts.versions.approve(number)}
        </Button>
      )}
      {may('template.change') && number !== template.present && (
        <Button size="compact-sm" variant="default" ml={8} onClick={() => setAsking('back')}>
          {texts.versions.back(number)} …
        </Button>
      )}
      {asking === 'back' && <BackModal template={template} number={number} onClose={close} />}
      {asking === 'approval' && <ApprovalModal template={template} number={number} onClose={close} />}
    </>
  );
}

interface DeedModalProps {
  readonly template: TemplateDetail;
  readonly number: number;
  readonly onClose: () => void;
}

function BackModal({ template, number, onClose }: DeedModalProps) {
  const client = useQueryClient();
  const [note, setNote] = useState('');
  const back = useMutation({
    mutationFn: () => rollBack(template.id, number, note.trim()),
    onSuccess: ({ present, warnings = [] }) => {
      client.setQueryData(savedWarningsQuery(template.id).queryKey, warnings);
      notifications.show({ message: texts.versions.wentBack(number, present) });
      void client.invalidateQueries({ queryKey: keys.templates });
      onClose();
    },
  });
  return (
    <ConfirmModal
      title={texts.versions.backTitle(number)}
      what={
        <Stack gap="sm">
          <Text>{texts.versions.backWhat(number, template.present + 1)}</Text>
          <TextInput
            data-autofocus
            label={texts.versions.backNote}
            placeholder={texts.common.optional}
            maxLength={1024}
            value={note}
            onChange={(event) => setNote(event.currentTarget.value)}
          />
        </Stack>
      }
      deed={texts.versions.back(number)}
      danger={false}
      busy={back.isPending}
      error={back.error}
      onConfirm={() => back.mutate()}
      onClose={onClose}
    />
  );
}

function ApprovalModal({ template, number, onClose }: DeedModalProps) {
  const client = useQueryClient();
  const approval = useMutation({
    mutationFn: () => approveVersion(template.id, number),
    onSuccess: () => {
      notifications.show({ message: texts.versions.approved(number) });
      void client.invalidateQueries({ queryKey: keys.templates });
      onClose();
    },
  });
  return (
    <ConfirmModal
      title={texts.versions.approve(number)}
      what={texts.versions.approveWhat}
      deed={texts.versions.approve(number)}
      danger={false}
      busy={approval.isPending}
      error={approval.error}
      onConfirm={() => approval.mutate()}
      onClose={onClose}
    />
  );
}
