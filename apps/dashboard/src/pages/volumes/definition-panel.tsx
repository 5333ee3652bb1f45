import { Button, Group, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import type { Volume } from '../../api/schemas.js';
import { useMe } from '../../app/use-me.js';
import { CodeEditor } from '../../editor/code-editor.js';
import { marksOf } from '../../editor/marks-of.js';
import { CodeText } from '../../components/code-text.js';
import { Panel } from '../../components/panel.js';
import { ProblemView } from '../../components/problem-view.js';
import { changeVolume } from '../../deeds/volume-deeds.js';
import { keys } from '../../queries/keys.js';
import { texts } from '../../texts/texts.js';

export function DefinitionPanel({ volume }: { volume: Volume }) {
  const { may } = useMe();
  const mayChange = volume.want === 'absent' && may('volume.change');
  return (
    <Panel title={texts.volumes.definition}>
      {mayChange ? (
        <DefinitionForm volume={volume} />
      ) : (
        <Stack gap="sm">
          <CodeText text={volume.definition} label={texts.volumes.definition} />
          <Text c="dimmed">{texts.volumes.onlyAbsent}</Text>
        </Stack>
      )}
    </Panel>
  );
}

function DefinitionForm({ volume }: { volume: Volume }) {
  const [definition, setDefinition] = useState(volume.definition);
  const client = useQueryClient();
  const saving = useMutation({
    mutationFn: () => changeVolume(volume, { definition }),
    onSuccess: () => {
      notifications.show({ message: texts.volumes.saved(volume.name) });
      return client.invalidateQueries({ queryKey: keys.volumes });
    },
  });
  const { error } = saving;
  const marks = useMemo(() => marksOf(error), [error]);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        saving.mutate();
      }}
    >
      <Stack gap="sm">
        <CodeEditor
          label={texts.volumes.definition}
          description={texts.volumes.definitionHelp}
          rows={10}
          required
          language="yaml"
          marks={marks}
          value={definition}
          onChange={setDefinition}
        />
        {saving.error && <ProblemView error={saving.error} />}
        <Group>
          <Button type="submit" disabled={definition === volume.definition} loading={saving.isPending}>
            {texts.volumes.save}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
