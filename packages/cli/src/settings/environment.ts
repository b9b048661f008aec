/** The variables of the process. */
export type Environment = Readonly<Record<string, string | undefined>>

/** A variable; undefined if it is empty. */
export function setting(environment: Environment, name: string): string | undefined {
  const value = environment[name]
  return value === '' ? undefined : value
}
