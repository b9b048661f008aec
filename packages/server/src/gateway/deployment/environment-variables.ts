import type { EnvironmentView, PathValues } from '@sallyport/core'

const byName = new WeakMap<EnvironmentView['variables'], PathValues>()

/** The values of an environment's variables by name; the same object until a variable of the environment changes. */
export function environmentVariables({ variables }: EnvironmentView): PathValues {
  let values = byName.get(variables)
  if (values === undefined) {
    values = new Map([...variables.values()].map(({ name, value }) => [name, value]))
    byName.set(variables, values)
  }
  return values
}
