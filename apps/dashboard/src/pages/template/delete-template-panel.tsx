import { Button, Group, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import type { TemplateDetail } from '../../api/schemas.js';
import { ConfirmModal } from '../../components/confirm-modal.js';
import { Panel } from '../../components/panel.js';
import { deleteTemplate } from '../../deeds/template-deeds.js';
import { keys } from '../../queries/keys.js';
import { texts } from '../../texts/texts.js';

export function DeleteTemplatePanel({ template }: { template: TemplateDetail }) {
  const [asking, setAsking] = useState(false);
  const client = useQueryClient();
  const navigate = useNavigate();
  const deletion = useMutation({
    mutationFn: () => deleteTemplate(template.id, template.name),
    onSuccess: async () => {
      notifications.show({ message: texts.template.deleted(template.name) });
      await navigate('/templates');
      void client.invalidateQueries({ queryKey: keys.templateList });
    },
  });
  return (
    <Panel title={texts.template.dangerTitle} danger>
      <Group justify="space-between" gap="sm">
        <Text>{texts.template.deleteWhat}</Text>
        <Button color="red" variant="light" onClick={() => setAsking(true)}>
          {texts.template.delete} …
        </Button>
      </Group>
      {asking && (
        <ConfirmModal
          title={texts.template.deleteTitle(template.name)}
          what={texts.template.deleteWhat}
          deed={texts.template.delete}
          name={template.name}
          busy={deletion.isPending}
          error={deletion.error}
          onConfirm={() => deletion.mutate()}
          onClose={() => setAsking(false)}
        />
      )}
    </Panel>
  );
}
