import { Alert, Button, Group, NativeSelect, Stack, Text } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useMe } from '../../app/use-me.js';
import { CodeText } from '../../components/code-text.js';
import { ProblemView } from '../../components/problem-view.js';
import { tryTemplate } from '../../deeds/template-deeds.js';
import { locationsQuery } from '../../queries/location-queries.js';
import { userNamesQuery } from '../../queries/user-queries.js';
import { texts } from '../../texts/texts.js';
import { TextWarnings } from './text-warnings.js';
import { TextProblems, type GoTo } from './text-problems.js';

interface TemplateCheckProps {
  readonly id: string;
  readonly job: string;
  readonly volumes: string;
  readonly goTo: GoTo;
}

/** Renders what stands in the editor without saving it, for a user and a location. */
export function TemplateCheck({ id, job, volumes, goTo }: TemplateCheckProps) {
  const { me, may } = useMe();
  const [userId, setUserId] = useState('');
  const [location, setLocation] = useState('');
  const mayChooseUser = may('user.list');
  const users = useQuery({ ...userNamesQuery(), enabled: mayChooseUser });
  const locations = useQuery(locationsQuery());
  const check = useMutation({ mutationFn: () => tryTemplate(id, { job, volumes, userId, location }) });
  const others = (users.data ?? []).filter((user) => user.id !== me.id);
  return (
    <Stack gap="sm">
      <Group gap="sm" align="flex-end">
        {mayChooseUser && (
          <NativeSelect
            label={texts.textCheck.forUser}
            value={userId}
            onChange={(event) => setUserId(event.currentTarget.value)}
            data={[
              { value: '', label: texts.textCheck.me },
              ...others.map((user) => ({ value: user.id, label: user.username })),
            ]}
          />
        )}
        <NativeSelect
          label={texts.textCheck.atLocation}
          value={location}
          onChange={(event) => setLocation(event.currentTarget.value)}
          data={[{ value: '', label: texts.textCheck.ownLocation }, ...(locations.data ?? []).map(({ name }) => name)]}
        />
        <Button variant="default" loading={check.isPending} onClick={() => check.mutate()}>
          {texts.editor.check}
        </Button>
      </Group>
      <Text c="dimmed">{texts.editor.checkHelp}</Text>
      <div aria-live="polite">
        {check.error && <ProblemView error={check.error} />}
        {check.data?.ok && (
          <Stack gap="sm">
            <Alert color="green" icon={<IconCheck aria-hidden />} title={texts.editor.checkOk} />
            {check.data.warnings.length > 0 && <TextWarnings warnings={check.data.warnings} />}
            <CodeText text={check.data.job} label={texts.editor.rendered} />
          </Stack>
        )}
        {check.data && !check.data.ok && <TextProblems problems={check.data.problems} goTo={goTo} />}
      </div>
    </Stack>
  );
}
