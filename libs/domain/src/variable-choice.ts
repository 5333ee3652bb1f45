/** A variable as far as the choice between equal names needs it. `location` '' = every location. */
export interface Choosable {
  readonly name: string;
  readonly location: string;
}

/** Per name the variable that holds at a location: its own beats the global one. */
export function chooseVariables<V extends Choosable>(
  variables: readonly V[],
  location: string,
): ReadonlyMap<string, V> {
  const chosen = new Map<string, V>();
  for (const variable of variables) {
    if (variable.location !== '' && variable.location !== location) continue;
    if (variable.location !== '' || !chosen.has(variable.name)) chosen.set(variable.name, variable);
  }
  return chosen;
}
