import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { IconAlertTriangle, IconCheck } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { AuditCheck } from '../../api/schemas.js';
import { Panel } from '../../components/panel.js';
import { ProblemView } from '../../components/problem-view.js';
import { auditCheckQuery } from '../../queries/watch-queries.js';
import { texts } from '../../texts/texts.js';

export function AuditCheckPanel() {
  const query = useQuery(auditCheckQuery());
  return (
    <Panel title={texts.audit.checkTitle}>
      <Stack gap="sm">
        <Group justify="space-between" gap="sm">
          <Text maw={640}>{texts.audit.checkWhat}</Text>
          <Button variant="default" loading={query.isFetching} onClick={() => void query.refetch()}>
            {texts.audit.check}
          </Button>
        </Group>
        <div aria-live="polite">
          {query.error && <ProblemView error={query.error} />}
          {query.data && !query.error && <CheckResult check={query.data} />}
        </div>
      </Stack>
    </Panel>
  );
}

function CheckResult({ check }: { check: AuditCheck }) {
  if (!check.ok) {
    return (
      <Alert color="red" icon={<IconAlertTriangle aria-hidden />} title={texts.audit.checkBroken}>
        {check.problems.map((problem) => (
          <Text key={problem}>{problem}</Text>
        ))}
      </Alert>
    );
  }
  return (
    <Alert color="green" icon={<IconCheck aria-hidden />} title={texts.audit.checkHolds(check.sealed)}>
      {check.unsealed > 0 && <Text>{texts.audit.checkUnsealed(check.unsealed)}</Text>}
    </Alert>
  );
}
