import { Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { TemplateVersionDiff } from '../../api/schemas.js';
import { Facts, type Fact } from '../../components/facts.js';
import { Panel } from '../../components/panel.js';
import { QueryView } from '../../components/query-view.js';
import { versionDiffQuery } from '../../queries/template-queries.js';
import { texts } from '../../texts/texts.js';
import { DiffText } from './diff-text.js';

interface DiffPanelProps {
  readonly id: string;
  readonly from: number;
  readonly to: number;
}

export function DiffPanel({ id, from, to }: DiffPanelProps) {
  const query = useQuery({ ...versionDiffQuery(id, from, to), enabled: from !== to });
  return (
    <Panel title={texts.versions.diffTitle(from, to)}>
      {from === to ? (
        <Text c="dimmed">{texts.versions.sameVersion}</Text>
      ) : (
        <QueryView query={query}>{(diff) => <DiffView diff={diff} />}</QueryView>
      )}
    </Panel>
  );
}

function DiffView({ diff }: { diff: TemplateVersionDiff }) {
  const facts = factsOf(diff);
  if (diff.job === '' && diff.volumes === '' && facts.length === 0) {
    return <Text c="dimmed">{texts.versions.same}</Text>;
  }
  return (
    <Stack gap="sm">
      {facts.length > 0 && <Facts facts={facts} />}
      <OneText title={texts.versions.job} diff={diff.job} />
      <OneText title={texts.versions.volumes} diff={diff.volumes} />
    </Stack>
  );
}

function OneText({ title, diff }: { title: string; diff: string }) {
  if (diff === '') return null;
  return (
    <>
      <Title order={3} size="h6">
        {title}
      </Title>
      <DiffText diff={diff} label={title} />
    </>
  );
}

function factsOf({ restart, exceptionsAdded, exceptionsRemoved }: TemplateVersionDiff): readonly Fact[] {
  const { restarts } = texts.template;
  const facts: Fact[] = [];
  if (restart) {
    const value = texts.versions.restartFromTo(restarts[restart.from], restarts[restart.to]);
    facts.push({ name: texts.versions.restart, value });
  }
  if (exceptionsAdded.length > 0) {
    facts.push({ name: texts.versions.exceptionsAdded, value: exceptionsAdded.join(', ') });
  }
  if (exceptionsRemoved.length > 0) {
    facts.push({ name: texts.versions.exceptionsRemoved, value: exceptionsRemoved.join(', ') });
  }
  return facts;
}
