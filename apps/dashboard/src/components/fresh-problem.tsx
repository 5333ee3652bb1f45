import { Anchor } from '@mantine/core';
import { Link } from 'react-router';
import { hasCode } from '../api/problem.js';
import { texts } from '../texts/texts.js';
import { ProblemView } from './problem-view.js';

/** A refusal of what needs a fresh sign-in, with the way to it and back to the profile. */
export function FreshProblem({ error }: { error: unknown }) {
  return (
    <ProblemView error={error}>
      {hasCode(error, 'auth.required') && (
        <Anchor component={Link} to="/sign-in?to=/profile" size="sm">
          {texts.profile.freshLink}
        </Anchor>
      )}
    </ProblemView>
  );
}
