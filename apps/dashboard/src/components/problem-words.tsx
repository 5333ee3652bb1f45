import { Text } from '@mantine/core';
import { ApiProblem } from '../api/problem.js';
import { spokenLanguage } from '../texts/language.js';
import { texts } from '../texts/texts.js';

/** The server's own sentences are English: on another page what its code means stands before them. */
export function ProblemWords({ error }: { error: unknown }) {
  if (!(error instanceof ApiProblem)) return <Text>{texts.errors.unexpected}</Text>;
  const { problem, words } = error;
  const known = texts.problemHints[problem.code] ?? '';
  if (words === 'page' || spokenLanguage() === 'en') {
    return (
      <>
        <Text>{problem.detail}</Text>
        <Text>{problem.hint || known}</Text>
      </>
    );
  }
  return (
    <>
      <Text>{known}</Text>
      <Text c="dimmed">
        {texts.errors.serverSays}{' '}
        <q lang="en">
          {problem.detail} {problem.hint}
        </q>
      </Text>
    </>
  );
}
