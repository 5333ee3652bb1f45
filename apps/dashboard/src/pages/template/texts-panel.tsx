import { Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { TemplateDetail } from '../../api/schemas.js';
import { CodeText } from '../../components/code-text.js';
import { Panel } from '../../components/panel.js';
import { QueryView } from '../../components/query-view.js';
import { templateVersionQuery } from '../../queries/template-queries.js';
import { texts } from '../../texts/texts.js';

/** Job and volumes of one version. */
export function TextsPanel({ template, number }: { template: TemplateDetail; number: number }) {
  const query = useQuery(templateVersionQuery(template.id, number));
  return (
    <Panel title={`${texts.template.textsTitle}, ${texts.space.version(number)}`}>
      <QueryView query={query}>
        {({ job, volumes }) => (
          <Stack gap="sm">
            <Title order={3} size="h6">
              {texts.template.job}
            </Title>
            <CodeText text={job} label={texts.template.job} />
            <Title order={3} size="h6">
              {texts.template.volumes}
            </Title>
            {volumes.trim() === '' ? (
              <Text c="dimmed">{texts.template.noVolumes}</Text>
            ) : (
              <CodeText text={volumes} label={texts.template.volumes} />
            )}
          </Stack>
        )}
      </QueryView>
    </Panel>
  );
}
