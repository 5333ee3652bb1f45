/** How many requests of one deed are under way at once. */
const AT_ONCE = 4;

export interface Failure<T> {
  readonly subject: T;
  readonly error: unknown;
}

/** Does the deed to each; what fails does not keep the others from it. Tells after each how many are done. */
export async function eachInTurn<T>(
  subjects: readonly T[],
  deed: (subject: T) => Promise<unknown>,
  onProgress: (done: number) => void,
): Promise<readonly Failure<T>[]> {
  const failures: Failure<T>[] = [];
  const waiting = [...subjects];
  let done = 0;
  const work = async () => {
    for (let subject = waiting.shift(); subject !== undefined; subject = waiting.shift()) {
      try {
        await deed(subject);
      } catch (error) {
        failures.push({ subject, error });
      }
      done += 1;
      onProgress(done);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return failures;
}
