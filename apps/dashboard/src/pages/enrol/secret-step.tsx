import { Anchor, Button, Stack, Text, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import { CopySecret } from '../../components/copy-secret.js';
import { QrCode } from '../../components/qr-code.js';
import { ProblemView } from '../../components/problem-view.js';
import { finishSecondFactor, type Person } from '../../deeds/second-factor-deeds.js';
import { texts } from '../../texts/texts.js';

interface SecretStepProps {
  readonly person: Person;
  readonly secret: string;
  /** The same for a program that takes `otpauth:` addresses. */
  readonly uri: string;
}

/** The secret goes into the authenticator, a code proves it, and the recovery codes are shown once. */
export function SecretStep({ person, secret, uri }: SecretStepProps) {
  const [code, setCode] = useState('');
  const finishing = useMutation({
    gcTime: 0,
    mutationFn: () => finishSecondFactor({ ...person, code: code.trim() }),
  });
  if (finishing.data) return <RecoveryCodes codes={finishing.data.recoveryCodes} />;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        finishing.mutate();
      }}
    >
      <Stack>
        <Text>{texts.secondFactor.secretWhat}</Text>
        <QrCode text={uri} label={texts.secondFactor.qrCode} />
        <CopySecret secret={secret} label={texts.secondFactor.secret} />
        <Anchor href={uri} size="sm">
          {texts.secondFactor.openHere}
        </Anchor>
        <TextInput
          label={texts.signIn.code}
          name="code"
          inputMode="numeric"
          autoComplete="one-time-code"
          required
          value={code}
          onChange={(event) => setCode(event.currentTarget.value)}
        />
        {finishing.error && <ProblemView error={finishing.error} />}
        <Button type="submit" loading={finishing.isPending}>
          {texts.secondFactor.finish}
        </Button>
      </Stack>
    </form>
  );
}

function RecoveryCodes({ codes }: { codes: readonly string[] }) {
  return (
    <Stack>
      <Text fw={600}>{texts.secondFactor.done}</Text>
      <Text>{texts.secondFactor.recoveryWhat}</Text>
      <CopySecret secret={codes.join('\n')} label={texts.secondFactor.recovery} />
      <Button component={Link} to="/sign-in">
        {texts.signIn.title}
      </Button>
    </Stack>
  );
}
