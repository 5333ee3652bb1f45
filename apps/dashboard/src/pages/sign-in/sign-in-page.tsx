import { signInProblem } from '@knot/domain';
import { Alert } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Navigate, useSearchParams } from 'react-router';
import { Gate } from '../../app/gate.js';
import { LoadingRows } from '../../components/loading-rows.js';
import { setupQuery, signInWaysQuery } from '../../queries/identity-queries.js';
import { texts } from '../../texts/texts.js';
import { PasswordForm } from './password-form.js';
import { ProviderWay } from './provider-way.js';
import { safeReturn } from './safe-return.js';

export function SignInPage() {
  const [params] = useSearchParams();
  const setup = useQuery(setupQuery());
  const ways = useQuery(signInWaysQuery());
  if (setup.data?.needed) return <Navigate to="/setup" replace />;
  // where it cannot be asked, the password is the way that every server had
  const { passwords, provider } = ways.data ?? { passwords: true, provider: '' };
  const to = safeReturn(params.get('to'));
  const problem = signInProblem(params.get('problem'));
  return (
    <Gate title={texts.signIn.title}>
      {params.has('ended') && <Alert role="status">{texts.signIn.ended}</Alert>}
      {problem && (
        <Alert role="alert" color="red" title={texts.provider.problemTitle(provider || texts.provider.aProvider)}>
          {texts.provider.problems[problem]}
        </Alert>
      )}
      {ways.isPending ? (
        <LoadingRows rows={2} />
      ) : (
        <>
          {passwords && <PasswordForm to={to} />}
          {provider !== '' && <ProviderWay provider={provider} to={to} passwords={passwords} />}
        </>
      )}
    </Gate>
  );
}
