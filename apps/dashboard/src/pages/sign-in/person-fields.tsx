import { PasswordInput, TextInput } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { texts } from '../../texts/texts.js';

interface Person {
  readonly username: string;
  readonly password: string;
}

/** Who somebody says they are, and the password they have. */
export function PersonFields<T extends Person>({ form }: { form: UseFormReturnType<T> }) {
  return (
    <>
      <TextInput
        label={texts.signIn.username}
        name="username"
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        autoFocus
        required
        {...form.getInputProps('username')}
      />
      <PasswordInput
        label={texts.signIn.password}
        name="password"
        autoComplete="current-password"
        required
        {...form.getInputProps('password')}
      />
    </>
  );
}
