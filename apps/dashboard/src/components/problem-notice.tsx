import { Code, Text } from '@mantine/core';
import type { NotificationData } from '@mantine/notifications';
import { ApiProblem } from '../api/problem.js';
import { texts } from '../texts/texts.js';
import { ProblemWords } from './problem-words.js';

/** A problem as a notice that stays until it is closed. */
export function problemNotice(error: unknown): NotificationData {
  const problem = error instanceof ApiProblem ? error.problem : null;
  return {
    color: 'red',
    autoClose: false,
    role: 'alert',
    title: problem?.title ?? texts.errors.title,
    message: (
      <>
        <ProblemWords error={error} />
        {problem && (
          <Text size="xs" c="dimmed" mt={4}>
            {texts.errors.code} <Code>{problem.code}</Code>
          </Text>
        )}
      </>
    ),
  };
}
