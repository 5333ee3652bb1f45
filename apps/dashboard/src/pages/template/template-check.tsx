import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { CodeText } from '../../components/code-text.js';
import { ProblemView } from '../../components/problem-view.js';
import { tryTemplate } from '../../deeds/template-deeds.js';
import { texts } from '../../texts/texts.js';
import { TextProblems } from './text-problems.js';

interface TemplateCheckProps {
  readonly id: string;
  readonly job: string;
  readonly volumes: string;
  readonly goTo: (text: 'job' | 'volumes', line: number, column: number) => void;
}

/** Renders what stands in the editor without saving it. */
export function TemplateCheck({ id, job, volumes, goTo }: TemplateCheckProps) {
  const check = useMutation({ mutationFn: () => tryTemplate(id, job, volumes) });
  return (
    <Stack gap="sm">
      <Group gap="sm">
        <Button variant="default" loading={check.isPending} onClick={() => check.mutate()}>
          {texts.editor.check}
        </Button>
        <Text c="dimmed">{texts.editor.checkHelp}</Text>
      </Group>
      <div aria-live="polite">
        {check.error && <ProblemView error={check.error} />}
        {check.data?.ok && (
          <Stack gap="sm">
            <Alert color="green" icon={<IconCheck aria-hidden />} title={texts.editor.checkOk} />
            <CodeText text={check.data.job} label={texts.editor.rendered} />
          </Stack>
        )}
        {check.data && !check.data.ok && <TextProblems problems={check.data.problems} goTo={goTo} />}
      </div>
    </Stack>
  );
}
