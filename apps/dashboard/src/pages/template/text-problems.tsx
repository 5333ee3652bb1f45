import { Anchor, Text } from '@mantine/core';
import { ProblemView } from '../../components/problem-view.js';
import { placeOf } from '../../api/problem.js';
import type { TextProblem } from '../../api/schemas.js';
import { texts } from '../../texts/texts.js';
import classes from './text-problems.module.css';

export type GoTo = (text: 'job' | 'volumes', line: number, column: number) => void;

/** What a check found, each with a link to its place. */
export function TextProblems({ problems, goTo }: { problems: readonly TextProblem[]; goTo: GoTo }) {
  return (
    <ul className={classes.problems} aria-label={texts.editor.problems}>
      {problems.map((problem) => (
        <li key={`${problem.text}:${problem.line}:${problem.column}:${problem.message}`}>
          <Text>
            <strong>{problem.text === 'job' ? texts.template.job : texts.template.volumes}</strong>
            {problem.line > 0 && (
              <>
                {', '}
                <Anchor
                  component="button"
                  type="button"
                  size="sm"
                  onClick={() => goTo(problem.text, problem.line, problem.column)}
                >
                  {texts.editor.place(problem.line, problem.column)}
                </Anchor>
              </>
            )}
            {': '}
            {problem.message}
          </Text>
          {problem.hint !== '' && <Text c="dimmed">{problem.hint}</Text>}
        </li>
      ))}
    </ul>
  );
}

/** Why a save was refused, with a link to the place where the server says one. */
export function SaveProblem({ error, goTo }: { error: unknown; goTo: GoTo }) {
  const place = placeOf(error);
  return (
    <ProblemView error={error}>
      {place && (
        <Anchor component="button" type="button" size="sm" onClick={() => goTo(place.text, place.line, place.column)}>
          {texts.editor.goTo(place.line, place.column)}
        </Anchor>
      )}
    </ProblemView>
  );
}
