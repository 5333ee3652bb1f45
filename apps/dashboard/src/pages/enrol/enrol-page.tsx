import { Button, Stack, Text } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { Gate } from '../../app/gate.js';
import { ProblemView } from '../../components/problem-view.js';
import { beginSecondFactor, type Person } from '../../deeds/second-factor-deeds.js';
import { texts } from '../../texts/texts.js';
import { PersonFields } from '../sign-in/person-fields.js';
import { SecretStep } from './secret-step.js';

/** Where a one-time link leads: sets up an authenticator. What stands after the # never reaches a server's log. */
export function EnrolPage() {
  const [link] = useState(() => window.location.hash.slice(1));
  const [person, setPerson] = useState<Person | null>(null);
  const beginning = useMutation({
    gcTime: 0,
    mutationFn: beginSecondFactor,
    onSuccess: (_secret, asked) => setPerson(asked),
  });
  return (
    <Gate title={texts.secondFactor.title}>
      {link === '' ? (
        <Text>{texts.secondFactor.noLink}</Text>
      ) : person && beginning.data ? (
        <SecretStep person={person} secret={beginning.data.secret} uri={beginning.data.uri} />
      ) : (
        <PersonStep
          busy={beginning.isPending}
          error={beginning.error}
          onPerson={(one) => beginning.mutate({ link, ...one })}
        />
      )}
    </Gate>
  );
}

interface PersonStepProps {
  readonly busy: boolean;
  readonly error: unknown;
  readonly onPerson: (person: { username: string; password: string }) => void;
}

function PersonStep({ busy, error, onPerson }: PersonStepProps) {
  const form = useForm({ initialValues: { username: '', password: '' } });
  return (
    <form onSubmit={form.onSubmit(onPerson)}>
      <Stack>
        <Text>{texts.secondFactor.intro}</Text>
        <PersonFields form={form} />
        {error !== null && <ProblemView error={error} />}
        <Button type="submit" loading={busy}>
          {texts.secondFactor.begin}
        </Button>
      </Stack>
    </form>
  );
}
