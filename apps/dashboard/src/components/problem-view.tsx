import { Alert, Button, Code, Group, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { ApiProblem } from '../api/problem.js';
import { texts } from '../texts/texts.js';
import { ProblemWords } from './problem-words.js';

interface ProblemViewProps {
  readonly error: unknown;
  /** Instead of the problem's own. */
  readonly title?: string;
  readonly onRetry?: () => void;
  readonly children?: ReactNode;
}

/** What went wrong, what to do about it, and the code by which it can be looked up. */
export function ProblemView({ error, title, onRetry, children }: ProblemViewProps) {
  const problem = error instanceof ApiProblem ? error.problem : null;
  return (
    <Alert
      role="alert"
      color="red"
      variant="light"
      icon={<IconAlertTriangle aria-hidden />}
      title={title ?? problem?.title ?? texts.errors.title}
    >
      <ProblemWords error={error} />
      {children}
      <Group mt="xs" gap="sm">
        {onRetry && (
          <Button size="compact-sm" variant="default" onClick={onRetry}>
            {texts.common.retry}
          </Button>
        )}
        {problem && (
          <Text size="xs" c="dimmed">
            {texts.errors.code} <Code>{problem.code}</Code>
          </Text>
        )}
      </Group>
    </Alert>
  );
}
